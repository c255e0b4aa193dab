import { redact } from '../secret.ts'
import { imageError, membersOf, unwrap } from './clauses.ts'
import { causeByHost } from './contacted-host.ts'
import { type Details, detailsOf } from './details.ts'
import { imagesIn } from './image-names.ts'
import { unlogged } from './log-line.ts'
import { mask } from './mask.ts'
import { isNotAboutPulling, isPullContext } from './not-image-pull.ts'
import { type Kind, kinds, type Row } from './row.ts'
import { rows } from './rows.ts'

/** One error that a message tells; several, where several credentials were tried. */
export interface Clause {
  readonly kind: Kind
  /** The id of the row that it reads as. Absent for a back-off and for what is not about pulling. */
  readonly cause?: string
  /** Told by words that others use too. */
  readonly vague?: true
}

/** What a message says, asking nothing else. Plain JSON. */
export interface Reading extends Details {
  /** Of the most specific clause. Absent: no kind fits. */
  readonly kind?: Kind
  readonly cause?: string
  /** The kind and cause were told by words that others use too. */
  readonly vague?: true
  readonly clauses: readonly Clause[]
  /** As the message writes it. */
  readonly image?: string
  /** The innermost words, on one line, redacted. */
  readonly text: string
}

/** Characters that are matched: no runtime's own words are longer, and hostile text stays harmless. */
const matched = 8 * 1024
const textLimit = 500

/** Reads a waiting message, an event's message or a runtime's error; `waitingReason` where there is one. Never throws. */
export function read(message: string, waitingReason = ''): Reading {
  const text = imageError(unlogged(message, matched))
  const images = imagesIn(text)
  const image = images[0]
  const members = membersOf(afterWrapper(text)).map((member) => readMember(member, waitingReason, text, images))
  const [first] = members.toSorted((a, b) => a.rank - b.rank)
  const clauses = members.flatMap(({ clause }) => clause ?? [])
  return {
    ...(first?.clause?.kind && { kind: first.clause.kind }),
    ...(first?.clause?.cause && { cause: first.clause.cause }),
    ...(first?.clause?.vague && { vague: first.clause.vague }),
    clauses: [...new Map(clauses.map((clause) => [`${clause.kind} ${clause.cause}`, clause])).values()],
    ...(image !== undefined && { image }),
    ...first?.details,
    text: first?.text ?? '',
  }
}

interface Member {
  readonly clause: Clause | undefined
  /** Lower is more specific. */
  readonly rank: number
  readonly details: Details
  readonly text: string
}

function readMember(member: string, waitingReason: string, whole: string, images: readonly string[]): Member {
  const inner = unwrap(member).replace(/\s+/g, ' ')
  const details = detailsOf(member, images[0])
  const text = redact(inner.replace(/\bfailed to do request: /gi, '')).slice(0, textLimit)
  const found = match(mask(inner, images), waitingReason, whole)
  if (!found) return { clause: undefined, rank: worst, details, text }
  const byHost = causeByHost({ ...found, text: whole, url: details.url, image: images[0], host: details.host })
  return { clause: byHost ? { ...found, cause: byHost } : found, rank: rankOf(found), details, text }
}

const worst = 1_000

/** A list has one member for each credential: one that got as far as "not found" tells more than one that was turned away. */
function rankOf({ kind, cause }: Clause): number {
  const position = rows.findIndex((row) => row.id === cause)
  if (kinds[kind].at === 'access') return worst / 2 + position
  return position < 0 ? worst - 1 : position
}

function match(masked: string, waitingReason: string, whole: string): Clause | undefined {
  if (isNotAboutPulling(whole, masked, waitingReason)) return { kind: 'not-image-pull' }
  if (isMalformedSecret(whole, waitingReason)) return { kind: 'pull-secret-malformed', cause: 'pull-secret-malformed' }
  const found = matchRows(masked, (row) => row.says) ?? matchReason(waitingReason)
  if (found) return ofNode(found, masked)
  if (!isPullContext(whole, waitingReason)) return whole.trim() === '' ? undefined : { kind: 'not-image-pull' }
  const vague = matchRows(masked, (row) => row.vaguely ?? {})
  if (vague) return { ...vague, vague: true }
  return saysNothing(masked) ? { kind: 'backoff-only' } : hintOf(whole)
}

/** Behind it containerd, docker, and the library of CRI-O and podman quote the body of an answer. */
const quoted =
  / - Server message: |\bStatusCode: [45]\d\d, |\bHTTP [45]\d\d response body: |\b50\d (?:Internal Server Error|Bad Gateway|Service Unavailable|Gateway Timeout): /

/**
 * A registry that fails says why in its answer: its own disk is full, its own database refuses it. Such words are about the
 * node only where the runtime itself says them.
 */
function ofNode(found: Clause, masked: string): Clause {
  const { at } = kinds[found.kind]
  const quote = quoted.exec(masked)
  const isRegistrys = found.kind === 'registry-server-error' || (at !== 'way' && at !== 'node' && at !== 'name')
  if (!quote || isRegistrys) return found
  return matchRows(masked.slice(0, quote.index + quote[0].length), (row) => row.says) ?? found
}

// What the runtime's own code says where its words do not, such as those that were cut off.
const hints: Readonly<Record<string, Clause>> = {
  NotFound: { kind: 'image-not-found', cause: 'tag-missing', vague: true },
  Unauthenticated: { kind: 'auth-required', cause: 'credentials-missing', vague: true },
  PermissionDenied: { kind: 'auth-denied', cause: 'access-forbidden', vague: true },
  ResourceExhausted: { kind: 'rate-limited', cause: 'rate-limited', vague: true },
}

function hintOf(whole: string): Clause | undefined {
  const code = /\brpc error: code = (\w{1,30}) desc = /.exec(whole)?.[1] ?? ''
  return Object.hasOwn(hints, code) ? hints[code] : undefined
}

/** Only what a log puts around an error is left. */
function saysNothing(masked: string): boolean {
  return masked.replace(/\b(?:err=|IMAGE\b(?:@DIGEST)?)/g, '').search(/[\p{L}\d]/u) < 0
}

function matchRows(masked: string, saysOf: (row: Row) => Row['says']): Clause | undefined {
  for (const row of rows) {
    const said = Object.entries(saysOf(row)).find(([, patterns]) => patterns.some((pattern) => pattern.test(masked)))
    if (said) return { kind: said[0] as Kind, cause: row.id } // its keys are kinds by its type
  }
  return undefined
}

/** A reason of the kubelet's own that needs no words: `InvalidImageName`, `ErrImageNeverPull`. */
function matchReason(waitingReason: string): Clause | undefined {
  return waitingReason ? matchRows(waitingReason, (row) => row.says) : undefined
}

/** A pull secret that does not decode makes the error's text the waiting reason, whatever the decoder said. */
function isMalformedSecret(whole: string, waitingReason: string): boolean {
  if (!/\s/.test(waitingReason)) return false
  return (
    /base64|json|invalid character|end of input|dockercfg|docker ?config|auth field/i.test(waitingReason) &&
    !isPullContext(whole, '')
  )
}

/** The list of errors follows what the kubelet puts in front. */
function afterWrapper(text: string): string {
  return text.replace(
    /^(?:Back-off pulling image "[^"\n]{0,1000}": )?(?:ErrImagePull: )?(?:Failed to pull image "[^"\n]{0,1000}":\s{0,40})?(?=\[)/i,
    '',
  )
}
