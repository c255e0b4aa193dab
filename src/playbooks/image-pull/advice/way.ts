import type { Observation } from '../../../diagnosis/observation.ts'
import { joinTexts, type Text, text } from '../../../text.ts'
import type { ManifestSeen } from '../checks/manifest.ts'
import type { RegistryBackend } from '../checks/registry-backend.ts'
import type { Evidence } from '../finding.ts'
import { answerEvidence } from '../registry-evidence.ts'
import type { Spread } from '../spread.ts'

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
        says: text`not from here either: ${manifest.reason}`,
        source: 'the registry, asked from here',
        confidence: 'likely',
      },
    ]
  const answered = answerEvidence(manifest.value.answer)
  return [{ ...answered, says: joinTexts([text`from here`, answered.says], ', ') }]
}
