import type { FailureRow } from '../../incidents/failure-rows.ts'
import { counted, type Text, text } from '../../text.ts'
import { shortImage } from './short-image.ts'

/** `web:9.9 from registry.acme.io: 14 pods of 2 workloads`. */
export function failureRowWords({ image, host, pods, workloads }: FailureRow): Text {
  const of = workloads > 1 ? text` of ${counted(workloads, 'workload')}` : text``
  return text`${shortImage(image)} from ${host}: ${counted(pods, 'pod')}${of}`
}
