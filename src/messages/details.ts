import { hostOfImage } from './image-names.ts'
import { hostOf, pulledFrom, upstreamOf } from './mirror.ts'

/** What a message names besides its cause; each only where the text has it. */
export interface Details {
  readonly url?: string
  /** The host that was contacted, with its port: a mirror or a token server, where the URL or the look-up names one. */
  readonly host?: string
  /** The registry that a mirror stands for. */
  readonly upstream?: string
  /** IP address and port that was dialled. */
  readonly address?: string
  /** Of HTTP. */
  readonly status?: number
  readonly resolver?: string
  readonly certificate?: Certificate
  readonly platform?: string
  /** Pull secrets that were not found. */
  readonly secrets?: readonly string[]
  /** What the text proves about the login. */
  readonly credential?: 'anonymous' | 'sent'
}

/** Times in RFC 3339. */
export interface Certificate {
  readonly now?: string
  readonly notAfter?: string
  readonly notBefore?: string
  readonly validFor?: string
  readonly wanted?: string
}

// A request's URL, not one that a server's message recommends to read.
const contacted =
  /(?:\b(?:get|head|post|put) "?|\brequest to |\bfetching (?:url )?"?|\bstatus code |\bcontent at |\bpinging |\bURL "?)(https?:\/\/(?:\[[\da-f:.%]{2,60}\])?[^\s"'<>\]]{1,2000})/i

// A request within a request, for a token: the inner one is what failed.
const outer = /\b(?:get|head) "?https?:\/\/[^\s"]{1,2000}"?: (?=(?:get|head|post) "?https?:)/gi

export function detailsOf(text: string, image: string | undefined): Details {
  const url = contacted.exec(text.replace(outer, ''))?.[1]?.replace(/[:,.]+$/, '')
  const looked = /\blookup ([\w.-]{1,253})(?: on (\[?[\w.:]{1,60}\]?:\d{1,5}))?/i.exec(text)
  const host = hostIn(text, url, looked?.[1], image)
  const status = statusIn(text)
  const certificate = certificateIn(text)
  return compact({
    url,
    host,
    upstream: url && upstreamOf(url),
    address: /\bdial tcp (\[?[\w.:]{2,60}\]?:\d{1,5})\b/.exec(text)?.[1],
    status,
    resolver: looked?.[2],
    certificate,
    platform: /\b(?:linux|windows|darwin)\/[a-z0-9]{2,20}(?:\/v\d)?\b/.exec(text)?.[0],
    secrets: secretsIn(text),
    credential: credentialIn(text),
  })
}

function hostIn(
  text: string,
  url: string | undefined,
  looked: string | undefined,
  image: string | undefined,
): string | undefined {
  if (url && hostOf(url)) return hostOf(url)
  const pinged = /pinging container registry ([\w.:[\]-]{1,260}?):? /i.exec(text)?.[1]
  return pinged ?? pulledFrom(text) ?? looked ?? (image ? hostOfImage(image) : undefined)
}

function statusIn(text: string): number | undefined {
  const found =
    /\bstatus ?(?:code)?\b[^\n]{0,400}?[:\s=]([1-5]\d\d)(?=[\s,.\])]|$)/i.exec(text) ??
    /(?:^|[\s:"])([45]\d\d) (?:[A-Z][a-z]|[a-z])/.exec(text)
  return found?.[1] ? Number(found[1]) : undefined
}

const time = '(\\d{4}-\\d\\d-\\d\\dT[\\d:.]{8,18}(?:Z|[+-]\\d\\d:\\d\\d))'
const expired = new RegExp(`current time ${time} is after ${time}`)
const early = new RegExp(`current time ${time} is before ${time}`)

function certificateIn(text: string): Certificate | undefined {
  const after = expired.exec(text)
  const before = early.exec(text)
  const names = /certificate is valid for ([^\n]{1,300}?), not (\S{1,253})/.exec(text)
  const unnamed = /wanted to match (\S{1,253})/.exec(text)
  const found = compact({
    now: after?.[1] ?? before?.[1],
    notAfter: after?.[2],
    notBefore: before?.[2],
    validFor: names?.[1],
    wanted: (names?.[2] ?? unnamed?.[1])?.replace(/[,"]+$/, ''),
  })
  return Object.keys(found).length > 0 ? found : undefined
}

function secretsIn(text: string): readonly string[] | undefined {
  const several = /image pull secrets \(([^)]{1,2000})\)/i.exec(text)?.[1]
  return several
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean)
}

function credentialIn(text: string): Details['credential'] {
  if (/fetch anonymous token|no basic auth credentials/i.test(text)) return 'anonymous'
  return /fetch oauth token|incorrect username or password|invalid username\/password/i.test(text) ? 'sent' : undefined
}

function compact<T extends object>(of: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  } // what is left
}
