import { inspect } from 'node:util'

const hidden = '[redacted]'

/** A value that no log, JSON or template shows. Only `registry/` reveals it, on the wire to the host it belongs to. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  [inspect.custom](): string {
    return hidden
  }
}

// Each pattern is linear: no nested quantifier, no overlap between neighbours. Sources: the token formats that the
// vendors document (GitHub, GitLab, npm, Slack, AWS), RFC 7519 for the JWT, RFC 7468 for PEM.
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g, hidden],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,255}|npm_[A-Za-z0-9]{20,255})/g, hidden],
  [
    /\b(?:xox[a-z]-[\w-]{8,255}|xapp-[\w-]{8,255}|(?:AKIA|ASIA)[A-Z0-9]{16}|dckr_pat_[\w-]{16,255}|hvs\.[\w-]{16,255})/g,
    hidden,
  ],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g, hidden],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"'<>]{1,512}@/gi, `$1${hidden}@`],
  // containerd: "may require authorization: authorization failed: no basic auth credentials".
  [
    /(\b(?:authorization|proxy-authorization)\b["']?\s{0,3}[:=]\s{0,3}["']?(?:basic|bearer|negotiate)?\s{0,3})(?!authorization failed)[^\s"',;]{4,}/gi,
    `$1${hidden}`,
  ],
  [/(\b(?:bearer|basic)\s{1,3})[A-Za-z0-9+/_=.~-]{12,}/gi, `$1${hidden}`],
  [
    /((?:password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|signature|"auth")[\w-]{0,40}["']?(?:\s{0,3}=\s{0,3}|["']:\s{0,3}|:(?=\s{0,3}\S{0,80}\d)\s{0,3})["']?)[^\s"'&,;]{4,}/gi,
    `$1${hidden}`,
  ],
  [/([?&](?:x-amz-[a-z-]{1,40}|sig|se|sp|sv|access_token|verify)=)[^\s&"']{4,}/gi, `$1${hidden}`],
]

/** Replaces what looks like a credential. For text that comes from outside (events, logs, errors), at its source and at each exit. */
export function redact(text: string): string {
  return patterns.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text)
}
