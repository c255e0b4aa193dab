import type { Cause, Confidence } from '../../diagnosis/cause.ts'
import { type Kind, kinds } from '../../messages/kinds.ts'
import type { Reading } from '../../messages/read.ts'
import { kindsOf, type Row } from '../../messages/row.ts'
import { message } from './checks/message.ts'
import { type Names, names } from './checks/names.ts'
import { kubeletSays } from './evidence.ts'
import { fillArgument, fillText } from './fill.ts'
import type { PullFinding, Remedy } from './finding.ts'
import type { ContainerPull } from './pull.ts'
import { pullCause } from './pull-cause.ts'

/** A cause that the text alone decides. */
export function causeOfRow(row: Row): Cause<Kind, PullFinding> {
  return pullCause({
    id: row.id,
    explains: kindsOf(row),
    needs: { message, names },
    explain: ({ message, names }) => findingOfRow(row, message, names),
  })
}

/** What a row says of this message; undefined where the message reads as something else. */
export function findingOfRow(row: Row, pull: ContainerPull, names: Names): PullFinding | undefined {
  const reading = pull.said?.reading
  if (reading?.cause !== row.id) return undefined
  return {
    title: row.title,
    summary: fillText(row.means, names),
    confidence: confidenceOf(row, reading),
    because: kubeletSays(pull),
    remedies: row.remedies.map((remedy) => fillRemedy(remedy, names)),
    verify: [{ argv: ['kubectl', '-n', names.namespace, 'get', 'pod', names.pod] }],
    prevent: [],
  }
}

/**
 * The message proves what the node met on its way. About what the registry holds or allows, it is hearsay until the
 * registry is asked.
 */
function confidenceOf(row: Row, { kind, vague }: Reading): Confidence {
  if (row.atMost === 'possible' || !kind) return 'possible'
  const { at } = kinds[kind]
  return vague || row.atMost === 'likely' || at === 'access' || at === 'content' ? 'likely' : 'proven'
}

function fillRemedy(remedy: Row['remedies'][number], names: Names): Remedy {
  const title = fillText(remedy.title, names)
  if (remedy.kind === 'command')
    return { kind: 'command', title, argv: remedy.argv.map((it) => fillArgument(it, names)) }
  if (remedy.kind === 'link') return { kind: 'link', title, url: remedy.url }
  if (remedy.kind === 'advice') return { kind: 'action', title }
  const patch = fillArgument(remedy.patch, names)
  return { kind: 'patch', title, patch, ...(remedy.file && { file: remedy.file }) }
}
