import type { Build } from '../../builds/build.ts'

/** Returns the sentence about what follows a successful build. */
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

/** Cuts a name in the middle, where names differ least. A confirmation has at most 300 characters. */
export function cutName(name: string, limit = 44): string {
  if (name.length <= limit) return name
  const end = Math.floor((limit - 1) / 2)
  return `${name.slice(0, limit - 1 - end)}…${name.slice(-end)}`
}

/**
 * Returns the seconds that the last finished build of an image took. A successful build counts before a failed one. 0:
 * unknown.
 */
export function buildSeconds(builds: readonly Build[]): number {
  const ended = builds.filter((it) => it.finishedAt)
  const last = ended.find(({ state }) => state === 'succeeded') ?? ended[0]
  const ms = Date.parse(last?.finishedAt ?? '') - Date.parse(last?.createdAt ?? '')
  return ms > 0 ? Math.round(ms / 1_000) : 0
}
