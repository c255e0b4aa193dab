import type { JsonObject } from '../api/json-object.ts'

/** What a kubelet knows of one container. It changes while the container lives. */
export interface ContainerRecord {
  readonly name: string
  readonly init: boolean
  image: string
  imageId: string
  /** One of `waiting`, `running`, `terminated`. */
  state: JsonObject
  lastState: JsonObject
  ready: boolean
  restarts: number
}

export function containerRecord(name: string, init: boolean, image: string, reason: string): ContainerRecord {
  return { name, init, image, imageId: '', state: { waiting: { reason } }, lastState: {}, ready: false, restarts: 0 }
}
