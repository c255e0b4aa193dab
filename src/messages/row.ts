/** Where a failure happens: it says whom to believe about it. `nowhere`: nothing failed that is told. */
export type Place = 'name' | 'policy' | 'way' | 'access' | 'content' | 'node' | 'limit' | 'nowhere'

/** The reading of one message alone: a closed set. */
export const kinds = {
  'image-not-found': { at: 'content' },
  'auth-required': { at: 'access' },
  'auth-denied': { at: 'access' },
  'rate-limited': { at: 'limit' },
  'registry-timeout': { at: 'way' },
  'registry-refused': { at: 'way' },
  'dns-failure': { at: 'way' },
  'tls-handshake': { at: 'way' },
  'tls-untrusted': { at: 'way' },
  'http-https-mismatch': { at: 'way' },
  'registry-server-error': { at: 'way' },
  'platform-mismatch': { at: 'content' },
  'invalid-image-name': { at: 'name' },
  'never-pull': { at: 'policy' },
  'disk-full': { at: 'node' },
  'corrupt-content': { at: 'content' },
  'proxy-failure': { at: 'way' },
  'signature-policy': { at: 'policy' },
  'runtime-failure': { at: 'node' },
  'credential-provider': { at: 'access' },
  'pull-secret-missing': { at: 'access' },
  'pull-secret-malformed': { at: 'access' },
  'kubelet-throttled': { at: 'node' },
  'sandbox-image': { at: 'node' },
  'backoff-only': { at: 'nowhere' },
  'not-image-pull': { at: 'nowhere' },
} as const satisfies Readonly<Record<string, { readonly at: Place }>>

export type Kind = keyof typeof kinds

/** What to do, with `{image} {host} {namespace} {pod} {container} {node} {owner}` where a name belongs. */
export type RowRemedy =
  | { readonly kind: 'command'; readonly title: string; readonly argv: readonly string[] }
  | { readonly kind: 'link'; readonly title: string; readonly url: string }
  | { readonly kind: 'patch'; readonly title: string; readonly file?: string; readonly patch: string }
  | { readonly kind: 'advice'; readonly title: string }

/** What a text is asked: a regular expression that needs time in proportion to the text, or a rule that compares. */
export type Pattern = Pick<RegExp, 'test'>

/** `final`: fails again until somebody changes something. `transient`: may pass by itself. */
export type Lasting = 'final' | 'transient'

/** A cause that a message alone can tell. */
export interface Row {
  /** The public id of the cause. */
  readonly id: string
  /**
   * What runtimes and kubelets say, by the kind of message it is then. Matched after the wrappers are gone, with each
   * image as `IMAGE` (`IMAGE@DIGEST` with a digest) and each URL as `URL:http` or `URL:https`, with `@BASE` for `/v2/`,
   * `@DIGEST` for a manifest by digest and `@BLOB` for a blob.
   */
  readonly says: Readonly<Partial<Record<Kind, readonly Pattern[]>>>
  /** Words that others use too: tried only where nothing else was said. */
  readonly vaguely?: Row['says']
  /** A real message, shortened: it must read back as this row. */
  readonly example: string
  readonly title: string
  readonly means: string
  readonly remedies: readonly RowRemedy[]
  readonly lasting: Lasting
  /**
   * How sure the text alone may be. `likely`: the words have other causes too. `possible`: known from a document or
   * another project's source, and never seen recorded. Absent: the kind decides.
   */
  readonly atMost?: 'likely' | 'possible'
}

export function kindsOf(row: Row): readonly Kind[] {
  return Object.keys({ ...row.says, ...row.vaguely }) as Kind[] // its keys are kinds by its type
}
