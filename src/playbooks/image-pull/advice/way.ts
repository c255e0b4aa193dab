import type { Observation } from '../../../diagnosis/observation.ts'
import { joinTexts, type Text, text } from '../../../text.ts'
import type { ManifestSeen } from '../checks/manifest.ts'
import type { Neighbours } from '../checks/neighbours.ts'
import type { RegistryBackend } from '../checks/registry-backend.ts'
import type { Evidence } from '../finding.ts'
import type { ContainerPull } from '../pull.ts'
import { referenceOf } from '../reference-of.ts'
import { answerEvidence } from '../registry-evidence.ts'

export interface WayFacts {
  readonly node: string
  readonly manifest: Observation<ManifestSeen>
  readonly neighbours: Observation<Neighbours>
  readonly backend: Observation<RegistryBackend | undefined>
}

/** What else is known about the way to a registry: who else meets the failure, who does not, and what is behind it. */
export function wayEvidence(pull: ContainerPull, facts: WayFacts): readonly Evidence[] {
  return [...behindIt(facts.backend), ...fromHere(facts.manifest), ...atNeighbours(pull, facts)]
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
        says: text`not from here either: ${manifest.reason}`,
        source: 'the registry, asked from here',
        confidence: 'likely',
      },
    ]
  const answered = answerEvidence(manifest.value.answer)
  return [{ ...answered, says: joinTexts([text`from here`, answered.says], ', ') }]
}

const shown = 3

function atNeighbours(pull: ContainerPull, { node, neighbours }: WayFacts): readonly Evidence[] {
  const host = referenceOf(pull.image)?.host
  const since = pull.pullingSince ?? pull.lastFailure
  if (!neighbours.known || !host) return []
  const failing = nodesThatFail(pull, neighbours.value)
  const others = failing.filter((it) => it !== node)
  const well = neighbours.value.pulled.filter(
    (it) => it.node !== node && referenceOf(it.image)?.host === host && !failing.includes(it.node),
  )
  const source = 'events Pulled and Failed of all pods'
  const alone = others.length === 0 && well.length > 0 && since !== undefined
  return [
    ...(others.length > 0
      ? [
          {
            says: text`${failing.length} nodes meet it: ${failing.slice(0, shown).join(', ')}${failing.length > shown ? ' …' : ''}`,
            source,
            confidence: 'proven',
          } as const,
        ]
      : []),
    ...well
      .slice(0, 1)
      .map((it): Evidence => ({ says: text`${it.node} pulled ${it.image} at ${it.at}`, source, confidence: 'proven' })),
    ...(alone
      ? [
          {
            says: text`so it is ${node}, its network or its proxy, not the image and not ${host}`,
            source,
            confidence: 'likely',
          } as const,
        ]
      : []),
  ]
}

/** Nodes on which a pull from the same host failed in the same way, this pod's own included. */
export function nodesThatFail({ image, kinds }: ContainerPull, { failed }: Neighbours): readonly string[] {
  const host = referenceOf(image)?.host
  const same = failed.filter((it) => referenceOf(it.image)?.host === host && kinds.includes(it.kind))
  return [...new Set(same.map((it) => it.node))]
}
