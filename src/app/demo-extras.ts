import type { Extra } from '../demo/page/create-extras.ts'
import type { Sample } from '../demo/sample/start-sample.ts'
import type { StormPod } from '../demo/sample/storm.ts'
import { situationTitle } from './situation-title.ts'

/** Has Alertmanager tell of pods. */
type Tell = (pods: readonly StormPod[], status: 'firing' | 'resolved') => Promise<void>

/** What can happen in the sample: a storm of alerts, and repairs. */
export function demoExtras(sample: Sample | undefined, tell: Tell): readonly Extra[] {
  if (!sample) return []
  let stuck: readonly StormPod[] = []
  const storm: readonly Extra[] = [
    {
      id: 'storm',
      label: 'Alert storm',
      says: 'Alertmanager sends 300 alerts of three causes, which become three threads',
      async run() {
        stuck = await sample.storm.begin()
        await tell(stuck, 'firing')
      },
    },
    {
      id: 'storm-end',
      label: 'Repair: alert storm',
      says: 'The registry is scaled up, the tag pushed and the pull secret created',
      async run() {
        await sample.storm.end()
        await tell(stuck, 'resolved')
      },
    },
  ]
  const repairs = sample.situations.flatMap(({ name, repair }) =>
    repair
      ? [
          {
            id: name,
            label: `Repair: ${situationTitle(name).toLowerCase()}`,
            says: repair,
            run: () => sample.mend(name),
          },
        ]
      : [],
  )
  return [...storm, ...repairs]
}
