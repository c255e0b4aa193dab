import type { Build } from '../builds/build.ts'

/** How long builds of an image took, by the last that ended: one that succeeded rather than one that failed. 0: not known. */
export function secondsOf(builds: readonly Build[]): number {
  const ended = builds.filter((it) => it.finishedAt)
  const last = ended.find(({ state }) => state === 'succeeded') ?? ended[0]
  const ms = Date.parse(last?.finishedAt ?? '') - Date.parse(last?.createdAt ?? '')
  return ms > 0 ? Math.round(ms / 1_000) : 0
}
