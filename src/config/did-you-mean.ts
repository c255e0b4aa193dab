import { distance } from 'fastest-levenshtein'

/** `did you mean "secrets"? Allowed: name, context, …` */
export function didYouMean(word: string, known: readonly string[]): string {
  const allowed = `allowed: ${known.join(', ')}`
  const near = known
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.far - b.far)[0]
  return near ? `did you mean "${near.name}"? (${allowed})` : allowed
}
