import type { Observation } from '../../../diagnosis/check.ts'
import { joinTexts, type Text, text } from '../../../text.ts'
import type { RegistryBackend, RegistryService } from '../checks/cluster-registry.ts'
import type { ManifestSeen } from '../checks/registry.ts'
import type { Spread } from '../checks/spread.ts'
import { answerEvidence } from '../evidence/answers.ts'
import type { ContainerPull } from '../inputs.ts'
import type { Evidence, PullFinding } from '../model.ts'

export interface WayFacts {
  readonly manifest: Observation<ManifestSeen>
  readonly spread: Observation<Spread>
  readonly backend: Observation<RegistryBackend | undefined>
}

/** What else is known about the way to a registry: who else meets the failure, who does not, and what is behind it. */
export function wayEvidence({ backend, manifest, spread }: WayFacts): readonly Evidence[] {
  return [...behindIt(backend), ...fromHere(manifest), ...(spread.known ? spread.value.because : [])]
}

function behindIt(backend: WayFacts['backend']): readonly Evidence[] {
  if (!backend.known || !backend.value || backend.value.readyEndpoints === 0) return []
  const { namespace, service, readyEndpoints, pods } = backend.value
  const unprobed = pods.some((pod) => pod.ready && !pod.probed)
  const [restarted] = pods.filter((pod) => pod.restarts > 0).toSorted((a, b) => b.restarts - a.restarts)
  const ready = text`Service ${namespace}/${service} has ${readyEndpoints} ready ${readyEndpoints === 1 ? 'endpoint' : 'endpoints'}${unprobed ? '; without a readiness probe, Ready proves nothing' : ''}`
  const source = `EndpointSlices and pods of Service ${namespace}/${service}`
  return [
    { says: ready, source, confidence: 'proven' },
    ...(restarted ? [{ says: restarts(restarted), source, confidence: 'proven' } as const] : []),
  ]
}

function restarts({ name, restarts, trouble }: RegistryBackend['pods'][number]): Text {
  return text`its pod ${name} restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}${trouble ? text`; last: ${trouble}` : ''}`
}

/** Never "from the node": the bot has another network, and mostly another resolver. */
function fromHere(manifest: WayFacts['manifest']): readonly Evidence[] {
  if (!manifest.known)
    return [
      {
        says: text`imagepull cannot reach it either: ${manifest.reason}`,
        source: 'the registry, asked from here',
        confidence: 'likely',
      },
    ]
  const answered = answerEvidence(manifest.value.answer)
  return [{ ...answered, says: joinTexts([text`from here`, answered.says], ', ') }]
}

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
