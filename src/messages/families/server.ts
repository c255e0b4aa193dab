import type { Row } from '../row.ts'

/** A server answered, and not as a registry should. */
export const server: readonly Row[] = [
  {
    id: 'redirect-loop',
    says: { 'registry-server-error': [/stopped after \d{1,3} redirects/i, /too many redirects/i] },
    example: 'Head "https://a.example/v2/app/manifests/1": stopped after 10 redirects',
    title: 'Redirects in a circle',
    means: '{host} sends the node from one address to the next without end.',
    remedies: [{ kind: 'advice', title: 'Correct the redirect rules of the ingress or proxy in front of {host}' }],
  },
  {
    id: 'not-a-registry',
    says: {
      'registry-server-error': [
        /invalid character '.{1,8}' looking for beginning of value/i,
        /error parsing HTTP \d{3} response body/i,
        /\b405 method not allowed/i,
        /unsupported protocol scheme/i,
      ],
    },
    example: "failed to fetch anonymous token: invalid character '<' looking for beginning of value",
    title: 'No registry answers there',
    means:
      '{host} answers, and not in the language of a registry: the host, port or path is wrong, or a proxy answers for it.',
    remedies: [
      {
        kind: 'command',
        title: 'See what answers: a registry says 200 or 401',
        argv: ['curl', '-i', 'https://{host}/v2/'],
      },
    ],
  },
  {
    id: 'registry-server-error',
    says: {
      'registry-server-error': [
        /\bstatus(?: code)?\b[^\n]{0,160}\b5\d\d\b/i,
        /\b5\d\d (?:internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out)/i,
        /internal server error/i,
        /bad gateway/i,
        /service (?:temporarily )?unavailable/i,
        /gateway time-?out/i,
      ],
    },
    vaguely: { 'registry-server-error': [/\bstatus(?: code)?\b[^\n]{0,160}\b4(?!0[134]|29)\d\d\b/i] },
    example: 'unexpected status from HEAD request to https://a.example/v2/app/manifests/1: 503 Service Unavailable',
    title: 'Registry has an error',
    means: '{host} answers with an error instead of the image.',
    remedies: [
      { kind: 'advice', title: "Look at the registry: its pod and log, its storage, or its provider's status page" },
    ],
  },
]
