import { leadingBuild } from '../../builds/build.ts'
import type { Check, Observation } from '../../diagnosis/check.ts'
import { type Text, text } from '../../text.ts'
import { refusedPods } from './admission/refusal.ts'
import { buildReading, builds, type ImageBuilds, imageBuilds, ownBuildLog } from './checks/builds.ts'
import { type RegistryBackend, registryBackend, registryPolicies, registryService } from './checks/cluster-registry.ts'
import { gitBuilds } from './checks/git.ts'
import { imageContent, imageIndex, indexChild, indexPlatforms, missingBlobs } from './checks/image-content.ts'
import { serviceRange } from './checks/network.ts'
import { neighbours, node, nodeImages } from './checks/nodes.ts'
import { impact, owner, revisions } from './checks/owner.ts'
import { events, message, names } from './checks/pod.ts'
import { type Credentials, credentials, pullSecrets, serviceAccountSecrets } from './checks/pull-secrets.ts'
import {
  anonymousManifest,
  copies,
  type ManifestSeen,
  manifest,
  publicImage,
  registryQuestion,
  repositories,
  tags,
} from './checks/registry.ts'
import { relocated } from './checks/relocated.ts'
import { spread } from './checks/spread.ts'
import { answerWords } from './evidence/answers.ts'

/** One step of a diagnosis as people see it: a few checks under one name. */
export interface PlanStep {
  readonly id: string
  readonly title: string
  /** `running`: some checks have not answered yet. `failed`: at least one could not look. */
  readonly state: 'pending' | 'running' | 'done' | 'failed'
  /** The answer in a few words, or why a check could not look. */
  readonly result?: Text
}

interface Step {
  readonly id: string
  readonly title: string
  readonly checks: readonly Check<unknown>[]
  /** Says in a few words what the first of its checks answered. */
  result(answers: Answers): Text | undefined
}

/** The first answer of each check: later ones are about images that are only compared. */
type Answers = ReadonlyMap<Check<unknown>, Observation<unknown>>

/** @param first The check whose answer stands for the step. */
function step<T>(
  id: string,
  title: string,
  first: Check<T>,
  others: readonly Check<unknown>[],
  words: (answer: T) => Text | undefined,
): Step {
  return {
    ...{ id, title, checks: [first, ...others] },
    result(answers) {
      const answer = answers.get(first) as Observation<T> | undefined // stored under the check that gave it
      return answer?.known ? words(answer.value) : undefined
    },
  }
}

const steps: readonly Step[] = [
  step(
    'pod',
    'Reading the pod',
    events,
    [owner, impact, revisions, node, message, names, refusedPods],
    () => undefined,
  ),
  step('secrets', 'Reading pull secrets', credentials, [pullSecrets, serviceAccountSecrets], loginWords),
  step(
    'registry',
    'Asking the registry',
    manifest,
    [
      ...[
        registryQuestion,
        tags,
        anonymousManifest,
        repositories,
        imageContent,
        imageIndex,
        indexChild,
        indexPlatforms,
        relocated,
      ],
      ...[publicImage, missingBlobs],
    ],
    ({ answer }: ManifestSeen) => answerWords(answer),
  ),
  step('build', 'Looking for its build', imageBuilds, [builds, buildReading, gitBuilds, ownBuildLog], buildWords),
  step(
    'way',
    'Looking at the way to it',
    registryBackend,
    [registryService, registryPolicies, neighbours, spread, nodeImages, copies, serviceRange],
    wayWords,
  ),
]

/** The steps of a running diagnosis, for people. */
export interface Progress {
  started(check: Check<unknown>): void
  seen(check: Check<unknown>, of: Observation<unknown>): void
  /** Returns the steps that have begun, in their order. */
  steps(): readonly PlanStep[]
}

/** Follows a diagnosis, check by check. */
export function followProgress(): Progress {
  const begun = new Set<Check<unknown>>()
  const answers = new Map<Check<unknown>, Observation<unknown>>()

  function shown({ id, title, checks, result }: Step): readonly PlanStep[] {
    const own = checks.filter((check) => begun.has(check) || answers.has(check))
    if (own.length === 0) return []
    const known = own.map((check) => answers.get(check))
    const [first] = checks.map((check) => answers.get(check))
    const unknown = known.find((it) => it && !it.known)
    if (known.includes(undefined)) return [{ id, title, state: 'running' }]
    if (unknown && !unknown.known && !first?.known)
      return [{ id, title, state: 'failed', result: text`${unknown.reason}` }]
    const words = result(answers)
    return [{ id, title, state: 'done', ...(words && { result: words }) }]
  }

  return {
    started: (check) => void begun.add(check),
    seen: (check, of) => void (answers.has(check) || answers.set(check, of)),
    steps: () => steps.flatMap(shown),
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
