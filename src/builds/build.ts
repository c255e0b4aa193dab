import type { Pod } from '../kubernetes/resources.ts'
import type { Lead } from './leads.ts'
import type { RecognisedBuild } from './recognise.ts'
import type { BuildTool } from './tools/pushed.ts'

/** One build of the cluster. Plain JSON. */
export interface Build {
  /** `Pod`: one that no Job made, such as a bare Kaniko pod or a pod of Tekton. */
  readonly kind: 'Job' | 'CronJob' | 'Pod'
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly tool: BuildTool
  readonly destinations: readonly string[]
  /** The containers that push: their logs tell how it went. */
  readonly containers?: readonly string[]
  /** It also pushes to a name that only the run knows. */
  readonly hidden?: boolean
  readonly noPush: boolean
  readonly state: 'running' | 'succeeded' | 'failed' | 'suspended' | 'pending' | 'scheduled'
  /** Attempts that failed: a Job can run and have failed before. */
  readonly failures: number
  /** It failed, and Kubernetes tries it again by itself. */
  readonly retries?: boolean
  /** Of the Job's condition, such as BackoffLimitExceeded. */
  readonly reason?: string
  /** Times in RFC 3339. */
  readonly createdAt: string
  readonly finishedAt?: string
  /** A CronJob has begun a run, as far as it remembers. */
  readonly hasRun?: boolean
  /** What made the Job or Pod: a CronJob, a TaskRun … */
  readonly owner?: { readonly kind: string; readonly name: string }
}

/** It runs, or Kubernetes is about to run it: another one beside it would be one too many. */
export function isActive({ state, retries }: Build): boolean {
  return state === 'running' || state === 'pending' || retries === true
}

/**
 * The build that decides about an image: one that runs, otherwise the newest that has run, otherwise one that stands by.
 * `builds` are sorted, the newest first.
 */
export function leadingBuild(builds: readonly Build[]): Build | undefined {
  const running = builds.find((it) => it.kind !== 'CronJob' && (it.state === 'running' || it.state === 'pending'))
  return running ?? builds.find(({ state }) => state !== 'scheduled' && state !== 'suspended') ?? builds[0]
}

/** A pod template that may build, and what becomes of it. */
export interface BuildSource {
  readonly kind: Lead['kind']
  readonly metadata: Pod['metadata']
  readonly spec: Pod['spec']
  build(of: readonly RecognisedBuild[]): Build
}
