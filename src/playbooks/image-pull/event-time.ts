import type { PodEvent } from '../../kubernetes/resources.ts'

/** When it last happened: RFC 3339, in UTC. Old and new event APIs keep it in different fields. */
export function timeOf(event: PodEvent | undefined): string | undefined {
  return (
    event?.lastTimestamp ??
    event?.eventTime ??
    event?.firstTimestamp ??
    (event?.metadata.creationTimestamp || undefined)
  )
}
