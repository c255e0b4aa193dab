import { distance } from 'fastest-levenshtein'

/** The names that somebody may have meant, the nearest first; of equals the first of the list. At most five. */
export function nearNames(wanted: string, names: readonly string[]): readonly string[] {
  const worst = Math.max(3, Math.floor(wanted.length / 2))
  const ranked = [...new Set(names)]
    .map((name) => ({ name, far: farness(wanted, name) }))
    .filter(({ far }) => far <= worst)
  return ranked
    .toSorted((a, b) => a.far - b.far)
    .slice(0, 5)
    .map(({ name }) => name)
}

/** A name that contains the wanted one is near whatever follows; a generated suffix is not held against it. */
function farness(wanted: string, name: string): number {
  if (name.includes(wanted)) return 1
  return Math.min(distance(wanted, name), distance(wanted, name.slice(0, wanted.length)) + 1)
}
