import type { SettableClock } from '../clock.ts'
import { foundation } from './foundation.ts'
import type { SampleWorld } from './sample-world.ts'
import { settle } from './settle.ts'
import type { Chapter, Situation } from './situation.ts'

/** Seconds of the cluster in one real second, while its past happens. */
const speed = 60

/**
 * Lets happen what has happened, the oldest first, each with the clock put back to its time: pods are pulled and builds
 * run as they will later, so that the cluster's past is as real as its present.
 */
export async function tellStory(
  world: SampleWorld,
  clock: SettableClock,
  situations: readonly Situation[],
): Promise<void> {
  const chapters = [...foundation, ...situations.flatMap((it) => it.chapters)].toSorted((a, b) => b.ago - a.ago)
  const now = Date.now()
  for (const times of byTime(chapters)) {
    clock.set(now - (times[0]?.ago ?? 0), speed)
    for (const { happen } of times) await happen(world)
    await settle(world.cluster.store, { builds: !times.some(({ goesOn }) => goesOn) })
  }
}

/** Chapters of one time happen together. */
function byTime(chapters: readonly Chapter[]): readonly (readonly Chapter[])[] {
  return [...Map.groupBy(chapters, ({ ago }) => ago).values()]
}
