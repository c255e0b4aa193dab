import { type Document, isPair, type LineCounter, visit } from 'yaml'
import { redact } from '../secret.ts'

/** Stands for a line that is not shown: a comment, so that the others remain YAML. */
export const hiddenLine = '# (not shown)'

/** Keys whose values hold no secret. What is not here is not shown, as the value of an environment variable. */
const shownKeys: ReadonlySet<string> = new Set(
  `apiVersion kind name namespace image imagePullPolicy serviceAccountName replicas restartPolicy containerPort port
   targetPort protocol cpu memory ephemeral-storage mountPath readOnly claimName backoffLimit completions parallelism
   schedule suspend revisionHistoryLimit terminationGracePeriodSeconds ttlSecondsAfterFinished`.split(/\s+/),
)
const shownBelow: ReadonlySet<string> = new Set(['labels', 'matchLabels', 'nodeSelector'])
const hiddenBelow: ReadonlySet<string> = new Set(['data', 'stringData', 'annotations'])

/** The manifest, line for line, without what else it says than the keys above. `lines` is what counted its lines. */
export function shownText(text: string, document: Document, lines: LineCounter): string {
  const hidden = hiddenLines(document, lines)
  return text
    .split('\n')
    .map((line, index) => (hidden.has(index + 1) || redact(line) !== line ? hiddenLine : line))
    .join('\n')
}

function hiddenLines(document: Document, lines: LineCounter): ReadonlySet<number> {
  const hidden = new Set<number>()
  visit(document, {
    Scalar(key, { range }, path) {
      const keys = path.filter(isPair).map((pair) => String(pair.key))
      if (key === 'key' || !range || range[0] === range[1] || isShown(keys)) return
      const last = lines.linePos(range[1] - 1).line
      for (let line = lines.linePos(range[0]).line; line <= last; line += 1) hidden.add(line)
    },
  })
  return hidden
}

function isShown(keys: readonly string[]): boolean {
  if (keys.some((key) => hiddenBelow.has(key))) return false
  return shownKeys.has(keys.at(-1) ?? '') || keys.some((key) => shownBelow.has(key))
}
