import { counted, joinTexts, type Text, text } from '../../text.ts'
import { nameOfBuild } from './build-findings.ts'
import type { ImageBuilds } from './checks/builds.ts'
import type { Evidence } from './model.ts'

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
