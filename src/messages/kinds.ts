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
