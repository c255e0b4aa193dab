import { leadingBuild } from '../../builds/builds.ts'
import type { Observation } from '../../diagnosis/check.ts'
import { type Text, text } from '../../text.ts'
import type { ImageBuilds } from './checks/builds.ts'
import type { RegistryBackend } from './checks/cluster-registry.ts'
import type { Credentials } from './checks/pull-secrets.ts'
import type { ManifestSeen } from './checks/registry.ts'
import { answerWords } from './evidence.ts'

/** One step of a diagnosis as people see it: a few checks under one name. */
export interface PlanStep {
  readonly id: string
  readonly title: string
  /** `running`: something of it is under way. `failed`: something of it could not be looked at. */
  readonly state: 'pending' | 'running' | 'done' | 'failed'
  /** What came out, or why it could not be looked at. */
  readonly result?: Text
}

interface Step {
  readonly id: string
  readonly title: string
  readonly checks: readonly string[]
  /** What the answer of the first of its checks says, in a few words. */
  readonly result?: (answer: unknown) => Text | undefined
}

// A check's id tells the type of its answer: each `as` names the one of the step's first check.
const steps: readonly Step[] = [
  {
    id: 'pod',
    title: 'Reading the pod',
    checks: ['events', 'owner', 'impact', 'revisions', 'node', 'message', 'names'],
  },
  {
    id: 'secrets',
    title: 'Reading pull secrets',
    checks: ['credentials', 'pull-secrets', 'service-account'],
    result: (answer) => loginWords(answer as Credentials),
  },
  {
    id: 'registry',
    title: 'Asking the registry',
    checks: [
      'manifest',
      'registry-question',
      'tags',
      'anonymous-manifest',
      'repositories',
      'image-content',
      'image-index',
      'index-child',
      'relocated',
      'public-image',
      'operating-systems',
      'missing-blobs',
    ],
    result: (answer) => answerWords((answer as ManifestSeen).answer),
  },
  {
    id: 'build',
    title: 'Looking for its build',
    checks: ['image-builds', 'builds', 'build-log', 'git-builds', 'own-build-log'],
    result: (answer) => buildWords(answer as ImageBuilds | undefined),
  },
  {
    id: 'way',
    title: 'Looking at the way to it',
    checks: [
      'registry-backend',
      'registry-service',
      'registry-policies',
      'neighbours',
      'spread',
      'node-images',
      'copies',
      'service-range',
    ],
    result: (answer) => wayWords(answer as RegistryBackend | undefined),
  },
]

export interface Plan {
  started(check: string): void
  seen(check: string, of: Observation<unknown>): void
  /** Those that were begun, in their order. */
  steps(): readonly PlanStep[]
}

/** Follows a diagnosis, check by check. */
export function followPlan(): Plan {
  const begun = new Set<string>()
  const answers = new Map<string, Observation<unknown>>()

  function stepOf({ id, title, checks, result }: Step): readonly PlanStep[] {
    const own = checks.filter((check) => begun.has(check) || answers.has(check))
    if (own.length === 0) return []
    const known = own.map((check) => answers.get(check))
    const [first] = checks.map((check) => answers.get(check))
    const unknown = known.find((it) => it && !it.known)
    if (known.includes(undefined)) return [{ id, title, state: 'running' }]
    if (unknown && !unknown.known && !first?.known)
      return [{ id, title, state: 'failed', result: text`${unknown.reason}` }]
    const words = first?.known ? result?.(first.value) : undefined
    return [{ id, title, state: 'done', ...(words && { result: words }) }]
  }

  return {
    started: (check) => void begun.add(check),
    // Asked of several images, the first one is the one that fails: the others are for comparison.
    seen: (check, of) => void (answers.has(check) || answers.set(check, of)),
    steps: () => steps.flatMap(stepOf),
  }
}

function loginWords({ matching, unknown }: Credentials): Text | undefined {
  if (unknown) return text`${unknown}`
  return matching[0] ? text`login of ${matching[0].source}` : text`no login for this registry`
}

function buildWords(builds: ImageBuilds | undefined): Text | undefined {
  const build = builds && leadingBuild(builds.exact)
  return build ? text`${build.kind} ${build.namespace}/${build.name}, ${build.state}` : text`none`
}

function wayWords(backend: RegistryBackend | undefined): Text | undefined {
  if (!backend) return text`not in this cluster`
  const { namespace, service, readyEndpoints } = backend
  return text`Service ${namespace}/${service}, ${readyEndpoints} ready`
}
