import { text } from '../text.ts'
import type { Offering, Situation } from './action.ts'
import { usualActionPauses } from './settings.ts'

/** Where a new pod adds to what is wrong, or changes nothing about it. */
const never: Readonly<Record<string, string>> = {
  'pulls-throttled': 'the node pulls too much already: a new pod would pull once more',
  'rate-limited': 'the registry counts pulls: a new pod would pull once more',
  'pull-queued': 'the pull waits for its turn: a new pod would begin at the end',
  'invalid-image-name': 'the name stays what it is: correct it',
}

/** The cause is mended, and only the pod does not know yet. */
const mended: ReadonlySet<string> = new Set(['stale-backoff', 'pull-secret-not-attached'])

// Of one node or its way: a new pod may land on another. The warning says what else is to be done first.
const ofNode: ReadonlySet<string> = new Set([
  ...['tls-handshake-failed', 'tls-handshake-timeout', 'certificate-untrusted', 'plain-http-registry'],
  ...['node-resolver-broken', 'proxy-failed', 'registry-unroutable', 'connection-reset', 'registry-timeout'],
  ...['node-disk-full', 'node-filesystem-fault', 'image-inspect-failed', 'corrupt-content', 'pull-stalled'],
])

/** Whether it makes sense to delete pods that wait for their image, by the verdict. Pure. */
export function mayDeletePods({ facts, incident, now }: Situation): Offering {
  const { cause } = facts.failing.verdict
  const why = Object.hasOwn(never, cause) ? never[cause] : undefined
  if (why) return { offered: 'no', reason: text`${{ parts: [why] }}` }
  if (cause === 'stale-backoff' && facts.manifest.known && facts.manifest.value.answer.status === 'missing')
    return { offered: 'no', reason: text`the registry does not have the image, so a new pod would fail the same way` }
  if (recovering(incident, now))
    return { offered: 'no', reason: text`the registry was restarted, and its pods recover by themselves` }
  if (mended.has(cause)) return { offered: 'primary' }
  const inCluster = facts.service.known && facts.service.value !== undefined
  return ofNode.has(cause) && !inCluster ? { offered: 'button' } : undefined
}

/** A cold registry is not to be asked by all pods at once. */
function recovering({ actions }: Situation['incident'], now: Date): boolean {
  const restart = actions.findLast((it) => it.action === 'restart-registry' && it.state === 'done')
  return restart?.endedAt !== undefined && now.getTime() - Date.parse(restart.endedAt) < usualActionPauses.recover
}

/** What of it may still go wrong, in the confirmation's words. */
export function deletionWarning({ facts }: Pick<Situation, 'facts'>, node: string): readonly string[] {
  const { cause, title } = facts.failing.verdict
  if (mended.has(cause)) return []
  const first = node ? ` cordon ${node} first.` : ''
  return [
    `The cause stands (${title.toLowerCase()}): a new pod may land on ${node || 'the same node'} and fail the same way;${first}`,
  ]
}
