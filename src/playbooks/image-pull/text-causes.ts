import type { Cause, Confidence } from '../../diagnosis/cause.ts'
import { maybe, type Observation } from '../../diagnosis/check.ts'
import type { Reading } from '../../messages/read.ts'
import { type Kind, kinds, kindsOf, type Row } from '../../messages/row.ts'
import { rowById, rows } from '../../messages/rows.ts'
import type { Text } from '../../text.ts'
import { identityRemedies, type NodeLogin, nodeLogin } from './checks/node-login.ts'
import { message, type Names, names } from './checks/pod.ts'
import { kubeletSays } from './evidence/answers.ts'
import type { ContainerPull } from './inputs.ts'
import { type PullFinding, pullCause, type Remedy } from './model.ts'

/** A cause that the text alone decides. */
function causeOfRow(row: Row): Cause<Kind, PullFinding> {
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

type PullCause = Cause<Kind, PullFinding>

const all: ReadonlyMap<string, PullCause> = new Map(rows.map((row) => [row.id, causeOfRow(row)]))

/** A cause that text decides, for one that explains it. Throws for an id without a row: a misspelling. */
export function rowCause(id: string): PullCause {
  const cause = all.get(id)
  if (!cause) throw new Error(`no row of messages/ has the id ${id}`)
  return cause
}

/** All of them in the rows' order, but those whose id a file decides by facts. */
export function rowCausesBut(decided: readonly PullCause[]): readonly PullCause[] {
  const ids = new Set(decided.map((cause) => cause.id))
  return [...all.values()].filter((cause) => !ids.has(cause.id))
}

/** What the text alone says of a cause that a fact decides: it stands while that fact is unknown. */
export function presumeRow(id: string) {
  const row = rowById(id)
  return {
    needs: { message, names },
    explain: (facts: { readonly message: ContainerPull; readonly names: Names }): PullFinding | undefined =>
      row && findingOfRow(row, facts.message, facts.names),
  }
}

interface NodeFacts {
  readonly message: ContainerPull
  readonly names: Names
  readonly nodeLogin: Observation<NodeLogin | undefined>
}

/** The same for a refusal: where the node logs in by its own identity, that is what has to be mended, and no pull secret. */
export function presumeOfNode(id: string) {
  const row = presumeRow(id)
  return {
    needs: { message, names, nodeLogin: maybe(nodeLogin) },
    explain(facts: NodeFacts): PullFinding | undefined {
      const found = row.explain(facts)
      const identity = facts.nodeLogin.known ? facts.nodeLogin.value?.identity : undefined
      return found && identity ? { ...found, remedies: identityRemedies(identity) } : found
    },
  }
}

const placeholder = /\{(\w+)\}/g

/** A sentence of a table with the names in their places, as data. An unknown placeholder stays as it is. */
function fillText(template: string, names: Names): Text {
  // With one capture group `split` alternates between literals and placeholder names.
  const parts = template.split(placeholder).map((part, index) => {
    if (index % 2 === 0) return part
    return isName(part, names) ? { data: names[part] } : `{${part}}`
  })
  return { parts: parts.filter((part) => part !== '') }
}

/** The same for one argument of a command. */
function fillArgument(template: string, names: Names): string {
  return template.replace(placeholder, (whole, name: string) => (isName(name, names) ? names[name] : whole))
}

function isName(name: string, names: Names): name is keyof Names {
  return Object.hasOwn(names, name)
}

/** What a registry says when it does not give a manifest, or hides that it has none: its own answer decides between them. */
export const registryDecides = ['image-not-found', 'auth-required', 'auth-denied'] as const satisfies readonly Kind[]
