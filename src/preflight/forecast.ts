import { STATUS_CODES } from 'node:http'
import type { Run } from '../diagnosis/check.ts'
import { read } from '../messages/read.ts'
import type { Kind } from '../messages/row.ts'
import { imageContent, indexChild } from '../playbooks/image-pull/checks/image-content.ts'
import { node } from '../playbooks/image-pull/checks/nodes.ts'
import { reference } from '../playbooks/image-pull/checks/pod.ts'
import { pullSecrets } from '../playbooks/image-pull/checks/pull-secrets.ts'
import { type ManifestSeen, manifest } from '../playbooks/image-pull/checks/registry.ts'
import { answerWords } from '../playbooks/image-pull/evidence/answers.ts'
import type { Found, ManifestAnswer, Platform } from '../registry/registry.ts'
import { plain } from '../text.ts'

/** What the kubelet would meet, and by which cause it would read, where the kind alone does not tell. */
export interface Foreseen {
  readonly kind: Kind
  readonly cause?: string
}

/** How a pull would go. `answer` is absent where nothing has to be pulled. `digests`: of the image and of its platforms; empty where its content was not read. `unreached`: nobody could ask from here, and the node may do better. */
export type Forecast =
  | {
      readonly goes: 'well'
      readonly answer: Found | undefined
      readonly platforms: readonly Platform[]
      readonly digests: readonly string[]
    }
  | { readonly goes: 'wrong'; readonly meets: Foreseen; readonly answer?: ManifestAnswer }
  | { readonly goes: 'unreached'; readonly reason: string; readonly assumed: Foreseen | undefined }

/** `run`: of the image, below that of a pod whose node is the one to compare with; without a node no platform is compared. */
export async function forecastPull(run: Run): Promise<Forecast> {
  const [parsed, secrets] = await Promise.all([reference.ask(run), pullSecrets.ask(run)])
  if (parsed.known && !parsed.value.valid) return { goes: 'wrong', meets: { kind: 'invalid-image-name' } }
  // One pull secret that does not decode ends every pull of the pod, that of a public image too.
  const broken = secrets.known && secrets.value.some(({ secret }) => secret?.problem?.kind === 'broken')
  if (broken) return { goes: 'wrong', meets: { kind: 'pull-secret-malformed' } }
  const seen = await manifest.ask(run)
  if (!seen.known) return { goes: 'unreached', reason: seen.reason, assumed: assumedWay(seen.code) }
  const { answer } = seen.value
  if (answer.status === 'found') return forecastPlatform(run, answer)
  const meets = foreseenBy(answer, seen.value)
  return meets
    ? { goes: 'wrong', meets, answer }
    : { goes: 'unreached', reason: `the registry answers: ${plain(answerWords(answer))}`, assumed: undefined }
}

/** The tag or digest is there: whether it is for the node. */
async function forecastPlatform(run: Run, answer: Found): Promise<Forecast> {
  const well: Forecast = { goes: 'well', answer, platforms: [], digests: [] }
  const own = await node.ask(run)
  if (!own.known || !own.value) return well
  const content = await imageContent.ask(run)
  if (!content.known || content.value.status !== 'content') {
    const why = content.known && content.value.status !== 'content' ? plain(answerWords(content.value)) : undefined
    const reason = why ?? (content.known ? '' : content.reason)
    return {
      goes: 'unreached',
      reason: `it is there, and its platforms could not be read: ${reason}`,
      assumed: undefined,
    }
  }
  const { platforms, children } = content.value
  const { operatingSystem, architecture } = own.value.status.nodeInfo
  const isFor = platforms.some((it) => it.os === operatingSystem && it.architecture === architecture)
  const digests = [...(answer.digest ? [answer.digest] : []), ...children.map(({ digest }) => digest)]
  const whole: Forecast = { ...well, platforms, digests }
  if (platforms.length === 0 || !operatingSystem) return whole
  if (!isFor) return { goes: 'wrong', meets: mismatch(children.length > 0, platforms, operatingSystem) }
  if (children.length === 0) return whole
  const child = await indexChild.ask(run)
  if (!child.known) return { goes: 'unreached', reason: child.reason, assumed: undefined }
  const gone = child.value !== undefined && child.value.answer.status === 'missing'
  return gone ? { goes: 'wrong', meets: { kind: 'image-not-found' } } : whole
}

/** Runtimes choose from an index by platform. A single image they pull whatever its processor, and its programs fail. */
function mismatch(isIndex: boolean, platforms: readonly Platform[], system: string): Foreseen {
  const otherSystem = platforms.every(({ os }) => os !== system)
  return isIndex || otherSystem ? { kind: 'platform-mismatch', cause: 'platform-mismatch' } : { kind: 'not-image-pull' }
}

/** undefined: the answer is about whoever asks from here, and says nothing about the node. */
function foreseenBy(answer: Exclude<ManifestAnswer, Found>, { tried }: ManifestSeen): Foreseen | undefined {
  switch (answer.status) {
    case 'missing':
      return { kind: 'image-not-found' }
    case 'unauthorized':
      return { kind: 'auth-required' }
    case 'denied':
      // A status of its own is the word of a policy.
      return answer.http === undefined ? { kind: 'auth-denied' } : foreseenByStatus({ ...answer, http: answer.http })
    case 'rate-limited':
      // Without a login, registries count by address, and the node has another one.
      return tried.length > 0 ? { kind: 'rate-limited', cause: 'rate-limited' } : undefined
    case 'server-error':
    case 'not-a-registry':
      return foreseenByStatus(answer)
  }
}

/** What containerd would say of that status reads as it does in a pod. */
function foreseenByStatus(answer: {
  readonly asked: Found['asked']
  readonly http: number
  readonly message?: string
}): Foreseen | undefined {
  const said = answer.message ? `: ${answer.message}` : ''
  const status = `${answer.http} ${STATUS_CODES[answer.http] ?? ''}`
  const { kind, cause } = read(`unexpected status from HEAD request to ${answer.asked.url}: ${status}${said}`)
  return kind && kind !== 'not-image-pull' ? { kind, ...(cause && { cause }) } : undefined
}

// Codes of RegistryError and of a check that ran out of time, as a node would meet the same. Only what the cluster itself
// shows (a Service without endpoints, a moved image) makes a finding of it.
const ways: Readonly<Record<string, Foreseen>> = {
  'name-not-resolved': { kind: 'dns-failure', cause: 'registry-host-unknown' },
  'connection-refused': { kind: 'registry-refused', cause: 'registry-refused' },
  'connection-lost': { kind: 'registry-server-error', cause: 'connection-reset' },
  unreachable: { kind: 'registry-refused', cause: 'registry-unroutable' },
  timeout: { kind: 'registry-timeout', cause: 'registry-timeout' },
  aborted: { kind: 'registry-timeout', cause: 'registry-timeout' },
  'no-answer': { kind: 'registry-timeout', cause: 'registry-timeout' },
}

function assumedWay(code: string | undefined): Foreseen | undefined {
  return code !== undefined && Object.hasOwn(ways, code) ? ways[code] : undefined
}
