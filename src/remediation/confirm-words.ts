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
