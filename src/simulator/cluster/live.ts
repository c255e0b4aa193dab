import type { Clock } from '../clock.ts'
import type { ApiServerOptions } from './api/context.ts'
import type { ObjectStore } from './api/store.ts'

/** What everything that lives in the cluster works on: the objects, and the time. */
export interface Live {
  readonly store: ObjectStore
  readonly clock: Clock
  readonly options: ApiServerOptions
}
