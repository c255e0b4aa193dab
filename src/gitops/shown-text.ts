import { type Document, isPair, type LineCounter, visit } from 'yaml'
import { redact } from '../secret.ts'

/** A manifest without what may not be shown: plain JSON, fit to be saved. */
export interface ShownText {
  /** As many lines as the manifest has, of the same structure. */
  readonly text: string
  /** Lines, from 1, that say something else than in the file. */
  readonly hidden: readonly number[]
}

/** Keys whose values hold no secret. What is not here is not shown, as the value of an environment variable. */
const shownKeys: ReadonlySet<string> = new Set(
  `apiVersion kind name namespace image imagePullPolicy imagePullSecrets serviceAccountName replicas restartPolicy
   containerPort port targetPort protocol cpu memory ephemeral-storage mountPath readOnly claimName backoffLimit
   completions parallelism schedule suspend revisionHistoryLimit terminationGracePeriodSeconds
   ttlSecondsAfterFinished`.split(/\s+/),
)
const shownBelow: ReadonlySet<string> = new Set(['labels', 'matchLabels', 'nodeSelector'])
const hiddenBelow: ReadonlySet<string> = new Set(['data', 'stringData', 'annotations'])

/** `lines` is what counted the lines of the text when it was parsed. */
export function shownText(text: string, document: Document, lines: LineCounter): ShownText {
  const hidden = new Set<number>()
  let masked = ''
  let at = 0
  for (const [start, end] of hiddenRanges(document)) {
    masked += `${text.slice(at, start)}hidden${text.slice(start, end).replace(/[^\n]/g, '')}`
    at = end
    const last = lines.linePos(end - 1).line
    for (let line = lines.linePos(start).line; line <= last; line += 1) hidden.add(line)
  }
  const shown = (masked + text.slice(at)).split('\n').map((line, index) => {
    const redacted = redact(line)
    if (redacted !== line) hidden.add(index + 1)
    return redacted
  })
  return { text: shown.join('\n'), hidden: [...hidden].toSorted((a, b) => a - b) }
}

/** In the order of the text. */
function hiddenRanges(document: Document): readonly (readonly [start: number, end: number])[] {
  const ranges: (readonly [number, number])[] = []
  visit(document, {
    Scalar(key, { range, value }, path) {
      const keys = path.filter(isPair).map((pair) => String(pair.key))
      if (key !== 'key' && range && !isShown(keys, value)) ranges.push([range[0], range[1]])
    },
  })
  return ranges
}

/** Numbers, switches and nothing at all are no secrets, but where anybody may write anything. */
function isShown(keys: readonly string[], value: unknown): boolean {
  if (keys.some((key) => hiddenBelow.has(key))) return false
  return typeof value !== 'string' || shownKeys.has(keys.at(-1) ?? '') || keys.some((key) => shownBelow.has(key))
}
