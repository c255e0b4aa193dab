import type { Build } from '../../../builds/build.ts'
import type { BuildReading } from '../../../builds/log/read.ts'
import { counted, joinTexts, type Text, text } from '../../../text.ts'
import type { ImageBuilds } from '../checks/builds.ts'
import type { Command, Evidence, Remedy } from '../model.ts'

/** `Job cortex-chat/backend-build`, for sentences. */
export function nameOfBuild({ kind, namespace, name }: Build): Text {
  return text`${kind} ${namespace}/${name}`
}

const states: Readonly<Record<Build['state'], string>> = {
  running: 'is running',
  succeeded: 'succeeded',
  failed: 'failed',
  suspended: 'is suspended',
  pending: 'waits to start',
  scheduled: 'waits for its time',
}

/** What the API server says of a build. */
export function buildEvidence(build: Build): Evidence {
  const when = build.finishedAt ? text`, ${build.finishedAt}` : text``
  const why = build.reason ? text` (${build.reason})` : text``
  const before =
    build.failures > 0 && build.state !== 'failed' ? text`, after ${counted(build.failures, 'failed attempt')}` : text``
  const never = hasNeverRun(build) ? text`, without a run so far` : text``
  return {
    says: text`${nameOfBuild(build)} pushes ${destinationsOf(build)}, and ${states[build.state]}${why}${before}${when}${never}`,
    source: `API server: the ${build.kind} and its arguments`,
    confidence: 'proven',
  }
}

function destinationsOf({ destinations, hidden }: Build): string {
  return destinations.join(', ') || (hidden ? 'to a name that only its run knows' : 'nothing')
}

/** It stands by: a CronJob whose time has not come, or a Job that is suspended. */
export function hasNeverRun({ kind, state, hasRun }: Build): boolean {
  return kind === 'CronJob' ? !hasRun : state === 'suspended'
}

/** The line of its log that decides, and what Kubernetes says of its container. */
export function logLine({ namespace, name }: Build, reading: BuildReading | undefined): readonly Evidence[] {
  const line = reading?.error?.line
  const container = reading?.container ? `, container ${reading.container}` : ''
  const log: readonly Evidence[] = line
    ? [{ says: text`its log says: ${line}`, source: `log of ${namespace}/${name}${container}`, confidence: 'proven' }]
    : []
  const state: readonly Evidence[] = reading?.state
    ? [
        {
          says: text`Kubernetes says of it: ${reading.state}`,
          source: `API server: pod ${namespace}/${reading.pod ?? name}`,
          confidence: 'proven',
        },
      ]
    : []
  const gone: readonly Evidence[] = reading?.gone
    ? [
        {
          says: text`its pod is gone, and its log with it`,
          source: `API server: pods of ${namespace}/${name}`,
          confidence: 'proven',
        },
      ]
    : []
  return [...log, ...state, ...gone]
}

/** As kubectl names it: `job/app-build`, `pod/kaniko`. */
function commandName({ kind, name }: Build): string {
  return `${kind === 'Pod' ? 'pod' : 'job'}/${name}`
}

/** Follows what it says. */
export function followLog(build: Build): readonly string[] {
  return ['kubectl', '-n', build.namespace, 'logs', '-f', commandName(build), '--all-containers']
}

export function readLog(build: Build): Remedy {
  return {
    kind: 'command',
    title: text`Read its log`,
    argv: ['kubectl', '-n', build.namespace, 'logs', commandName(build), '--all-containers', '--tail=200'],
  }
}

/** Until it has ended well. */
export function awaitBuild(build: Build): Command {
  const until = build.kind === 'Pod' ? '--for=jsonpath={.status.phase}=Succeeded' : '--for=condition=complete'
  return { argv: ['kubectl', '-n', build.namespace, 'wait', until, commandName(build), '--timeout=15m'] }
}

/** A Job cannot run twice: it is made again, and its log goes with the old one. */
export function runAgain(build: Build): Remedy {
  const { namespace, name, owner } = build
  const cronJob = build.kind === 'CronJob' ? name : owner?.kind === 'CronJob' ? owner.name : undefined
  if (cronJob)
    return {
      kind: 'command',
      title: hasNeverRun(build) ? text`Run it now` : text`Run it again`,
      argv: ['kubectl', '-n', namespace, 'create', 'job', `${name.slice(0, 45)}-again`, `--from=cronjob/${cronJob}`],
    }
  if (owner && build.kind === 'Pod')
    return { kind: 'action', title: text`Then run ${owner.kind} ${owner.name} again, which made ${nameOfBuild(build)}` }
  return {
    kind: 'action',
    title: text`Then delete ${nameOfBuild(build)} and apply its manifest again; save its log first, it goes with the ${build.kind}`,
  }
}

const shown = 3

/** Where builds of an image were looked for, what was not searched, and what names the image all the same. */
export function searchEvidence(of: ImageBuilds): readonly Evidence[] {
  const { looked, builds, pods = 0, complete, unread = [], systems = [], leads = [], unclear = [], near = [] } = of
  const found = builds === 0 ? text`no build is` : text`none of ${counted(builds, 'build')} is its own,`
  const where = text`${counted(looked, 'Job or CronJob', 'Jobs and CronJobs')} and ${counted(pods, 'pod')} that no workload owns`
  const source = 'API server: list jobs, cronjobs and pods in all namespaces'
  const likely = (says: Text): Evidence => ({ says, source, confidence: 'likely' })
  return [
    {
      says: text`${found} among ${where}${complete ? '' : '; there are more than were read'}`,
      source,
      confidence: complete ? 'proven' : 'likely',
    },
    ...unread.slice(0, shown).map((it) => likely(text`${it}`)),
    ...systems
      .filter(({ searched }) => !searched)
      .slice(0, shown)
      .map(({ name, pod }) =>
        likely(
          text`${name} seems to build here (pod ${pod}), and what it pushes is in no specification: it was not searched`,
        ),
      ),
    ...leads
      .slice(0, shown)
      .map(({ kind, namespace, name }) =>
        likely(text`${kind} ${namespace}/${name} names the repository, and is not known to push it`),
      ),
    ...(unclear.length > 0
      ? [
          likely(
            text`${joinTexts(unclear.slice(0, shown).map(nameOfBuild), ', ')} may push it: only the run knows its destination`,
          ),
        ]
      : []),
    ...near
      .slice(0, shown)
      .map((build) =>
        likely(text`${nameOfBuild(build)} pushes ${build.destinations.join(', ')}, a name that is nearly the same`),
      ),
  ]
}
