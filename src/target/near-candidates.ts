import { distance } from 'fastest-levenshtein'

export interface Candidate {
  /** What a person may have meant by it: an owner's name, and a pod's. */
  readonly names: readonly string[]
  readonly fails: boolean
  /** The target to name instead. */
  readonly target: string
}

const most = 5

/** The targets that somebody may have meant: the failing ones first, then the nearest. At most five. */
export function nearCandidates(wanted: string, candidates: readonly Candidate[]): readonly string[] {
  return candidates
    .map(({ names, fails, target }) => ({
      target,
      fails,
      far: Math.min(...names.map((name) => farness(wanted, name))),
    }))
    .filter(({ far }) => far <= Math.max(1, wanted.length / 3))
    .toSorted((a, b) => Number(b.fails) - Number(a.fails) || a.far - b.far)
    .slice(0, most)
    .map(({ target }) => target)
}

/** Changes of a letter from one name to the other; a name that contains the wanted one is near, whatever else it has. */
function farness(wanted: string, name: string): number {
  return name.includes(wanted) ? 1 : distance(wanted, name)
}
