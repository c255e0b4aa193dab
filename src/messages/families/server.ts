import type { Row } from '../row.ts'

/** A server answered, and not as a registry should. */
export const server: readonly Row[] = [
  {
    id: 'redirect-loop',
    says: { 'registry-server-error': [/stopped after \d{1,3} redirects/i, /too many redirects/i] },
    example: 'Head "https://a.example/v2/app/manifests/1": stopped after 10 redirects',
    lasting: 'final',
    title: 'Redirects do not end',
    means: '{host} redirects each request to another address, without end.',
    remedies: [{ kind: 'advice', title: 'Correct the redirect rules of the ingress or proxy in front of {host}' }],
  },
  {
    id: 'not-a-registry',
    says: {
      'registry-server-error': [
        // With a status that says more, the page behind it does not matter: a firewall sends pages too.
        /^(?!.*\b(?:HTTP|status ?(?:code)?:?) (?:401|403|407|408|412|429|5\d\d)\b).*invalid character '.{1,8}' looking for beginning of value/is,
        /error parsing HTTP (?!401|403|407|408|412|429|5\d\d)\d{3} response body/i,
        /URL:https?@BASE:? .{0,40}\b404\b/,
        /\b405 method not allowed/i,
        /unsupported protocol scheme/i,
      ],
    },
    example: "failed to fetch anonymous token: invalid character '<' looking for beginning of value",
    lasting: 'final',
    title: 'No registry answers there',
    means: '{host} answers, but not like a registry: the host, port or path is wrong, or a proxy answers in its place.',
    remedies: [
      {
        kind: 'command',
        title: 'See what answers: a registry gives status 200 or 401',
        argv: ['curl', '-i', 'https://{host}/v2/'],
      },
    ],
  },
  {
    id: 'registry-outage',
    says: {
      'registry-server-error': [
        /(?:under|for|in|scheduled|planned|ongoing) maintenance\b|maintenance mode|read-only mode/i,
      ],
    },
    example: 'received unexpected HTTP status: 503 Service Unavailable: the registry is under maintenance',
    lasting: 'transient',
    atMost: 'likely',
    title: 'Registry is out of service',
    means: '{host} reports that it is out of service. Neither the image nor its login is at fault.',
    remedies: [
      { kind: 'advice', title: 'Wait, or pull through a mirror; do not change pull secrets' },
      { kind: 'advice', title: 'See the status page of {host}' },
    ],
  },
  {
    id: 'registry-server-error',
    says: {
      // JFrog hides the fault of a remote repository behind the words of a missing right.
      'auth-denied': [/upstream repository is not configured properly/i],
      'registry-server-error': [
        /error parsing HTTP 5\d\d response body/i,
        /\bHTTP status:? 5\d\d\b/i,
        /\bstatus ?(?:code)?\b[^\n]{0,160}\b5\d\d\b/i,
        /\b5\d\d (?:internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out)/i,
        /internal server error/i,
        /bad gateway/i,
        /service (?:temporarily )?unavailable/i,
        /gateway time-?out/i,
      ],
    },
    vaguely: { 'registry-server-error': [/\bstatus ?(?:code)?\b[^\n]{0,160}\b4(?!0[134]|29)\d\d\b/i] },
    example: 'unexpected status from HEAD request to https://a.example/v2/app/manifests/1: 503 Service Unavailable',
    lasting: 'transient',
    title: 'Registry has an error',
    means: '{host} answers with an error instead of the image.',
    remedies: [
      { kind: 'advice', title: "Look at the registry: its pod and log, its storage, or its provider's status page" },
    ],
  },
]
