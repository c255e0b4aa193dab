import { type Cause, type Confidence, confidences, type Finding, type Verdict } from './cause.ts'
import type { Run } from './check.ts'

export interface Outcome<Kind extends string, F extends Finding> {
  /** The root cause first, then what it explains. Empty: nothing stands. */
  readonly chain: readonly Cause<Kind, F>[]
  /**
   * How sure the first of the chain is as the root cause: as its weakest link, and `likely` at most while another cause is
   * likely that would explain it.
   */
  readonly confidence: Confidence
  /** Confirmed as well, outside the chain. */
  readonly also: readonly Cause<Kind, F>[]
  /** Undetermined, and the verdict could be another one if they were not. */
  readonly open: readonly Cause<Kind, F>[]
  /** Of every cause that was asked. */
  readonly verdicts: ReadonlyMap<Cause<Kind, F>, Verdict<F>>
}

const fallen = Number.POSITIVE_INFINITY
const likely = confidences.indexOf('likely')

/**
 * Judges, all at once, every cause that could explain what was seen. Nothing seen (a lost message): every cause.
 *
 * A chain is as strong as its weakest link. The strongest standing cause leads; among equals the one that explains the
 * other; then the order of the list. It is no proven root while a likely cause stands that would explain it.
 */
export async function judge<Kind extends string, F extends Finding>(
  causes: readonly Cause<Kind, F>[],
  kinds: ReadonlySet<Kind>,
  run: Run,
): Promise<Outcome<Kind, F>> {
  type C = Cause<Kind, F>
  const lost = kinds.size === 0
  const couldExplain = (cause: C): boolean =>
    lost || cause.explains.some((it) => (typeof it === 'string' ? kinds.has(it) : couldExplain(it)))
  const candidates = causes.filter(couldExplain)
  const verdicts = new Map(
    await Promise.all(candidates.map(async (cause) => [cause, await isolate(cause, run)] as const)),
  )

  const support = (cause: C, of: (cause: C) => number): number =>
    Math.min(...cause.explains.map((it) => (typeof it !== 'string' ? of(it) : lost || kinds.has(it) ? 0 : fallen)))
  const strength = (cause: C): number => {
    const verdict = verdicts.get(cause)
    const finding = verdict?.status === 'ruled-out' ? undefined : verdict?.finding
    return finding ? Math.max(confidences.indexOf(finding.confidence), support(cause, strength)) : fallen
  }
  // What an undetermined cause could be worth if it were proven, and those that it explains as well.
  const promise = (cause: C): number => {
    const undetermined = verdicts.get(cause)?.status === 'undetermined'
    return undetermined ? support(cause, promise) : strength(cause)
  }
  const explains = (a: C, b: C): boolean =>
    a.explains.some((it) => typeof it !== 'string' && (it === b || explains(it, b)))

  const standing = candidates.filter((cause) => strength(cause) < fallen)
  const strongest = Math.min(...standing.map(strength))
  const best = standing.filter((cause) => strength(cause) === strongest)
  const first = best.find((cause) => !best.some((other) => explains(other, cause)))
  // The facts of the first may be certain. That it is the root is not, while something likely stands that would explain it.
  const isRootOpen = standing.some(
    (cause) => strength(cause) <= likely && first !== undefined && explains(cause, first),
  )
  const certainty = isRootOpen ? Math.max(strongest, likely) : strongest
  const chain = first ? [first, ...standing.filter((cause) => explains(first, cause))] : []
  const also = candidates.filter((cause) => verdicts.get(cause)?.status === 'confirmed' && !chain.includes(cause))
  const open = candidates.filter((cause) => {
    if (verdicts.get(cause)?.status !== 'undetermined') return false
    const worth = promise(cause)
    return worth < strongest || (worth < fallen && first !== undefined && explains(cause, first))
  })
  return { chain, confidence: confidences[certainty] ?? 'possible', also, open, verdicts }
}

/** A cause that throws is a defect of that cause, not the end of the diagnosis. */
async function isolate<Kind extends string, F extends Finding>(cause: Cause<Kind, F>, run: Run): Promise<Verdict<F>> {
  try {
    return await cause.judge(run)
  } catch (error) {
    run.defect(cause, error)
    return { status: 'undetermined', reason: `the cause "${cause.id}" could not be judged` }
  }
}
