import type { Build } from '../../builds/build.ts'

/** What follows a build that passed. */
export function deletesAfterwards(pods: number): readonly string[] {
  if (pods === 0) return []
  return pods === 1
    ? ['If it passes, I delete the 1 stuck pod so that it pulls again.']
    : [`If it passes, I delete the ${pods} stuck pods so that they pull again.`]
}

/** @param seconds 0: not known. */
export function takesAbout(seconds: number): readonly string[] {
  if (seconds === 0) return []
  return [`Takes about ${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} (last run).`]
}

/** Cuts in the middle, where names differ least: what is asked before something is done has to fit 300 characters. */
export function cutName(name: string, limit = 44): string {
  if (name.length <= limit) return name
  const end = Math.floor((limit - 1) / 2)
  return `${name.slice(0, limit - 1 - end)}…${name.slice(-end)}`
}

/** How long builds of an image took, by the last that ended: one that succeeded rather than one that failed. 0: not known. */
export function secondsOf(builds: readonly Build[]): number {
  const ended = builds.filter((it) => it.finishedAt)
  const last = ended.find(({ state }) => state === 'succeeded') ?? ended[0]
  const ms = Date.parse(last?.finishedAt ?? '') - Date.parse(last?.createdAt ?? '')
  return ms > 0 ? Math.round(ms / 1_000) : 0
}
