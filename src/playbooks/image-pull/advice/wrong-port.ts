import type { Observation } from '../../../diagnosis/observation.ts'
import { joinTexts, text } from '../../../text.ts'
import type { RegistryService } from '../checks/registry-service.ts'
import type { Evidence, PullFinding } from '../finding.ts'
import type { ContainerPull } from '../pull.ts'

export interface WrongPort {
  readonly evidence: Evidence
  /** Where only one port can have been meant. */
  readonly edit?: NonNullable<PullFinding['edit']>
}

/** The image names a Service of this cluster by a port that it does not have. */
export function wrongPort(
  { image, container }: Pick<ContainerPull, 'image' | 'container'>,
  service: Observation<RegistryService | undefined>,
): WrongPort | undefined {
  if (!service.known || !service.value || service.value.own) return undefined
  const { namespace, name, port, ports } = service.value
  const list = joinTexts(
    ports.map((it) => text`${it}`),
    ', ',
  )
  const has = ports.length === 0 ? text`no port` : text`port ${list}, and not ${port}`
  const says = text`Service ${namespace}/${name} has ${has}`
  const source = `API server: the Service ${namespace}/${name}`
  const [meant, ...others] = ports
  const to = image.replace(/^([^/]*):\d+\//, (_, host) => `${host}:${meant}/`)
  const sure = meant !== undefined && others.length === 0 && to !== image
  return {
    evidence: { says, source, confidence: 'proven' },
    ...(sure && {
      edit: { why: text`Name the port that the Service has`, change: { field: 'image', container, from: image, to } },
    }),
  }
}
