import type { Row } from '../row.ts'

const look = {
  kind: 'command',
  title: 'Look at the certificate',
  argv: ['openssl', 's_client', '-connect', '{host}', '-showcerts'],
} as const

/** TLS is never switched off to help. */
export const tls: readonly Row[] = [
  {
    id: 'plain-http-registry',
    says: {
      'http-https-mismatch': [
        /server gave HTTP response to HTTPS client/i,
        /first record does not look like a TLS handshake/i,
      ],
    },
    example:
      'failed to do request: Head "https://192.168.151.5:80/v2/a/manifests/latest": http: server gave HTTP response to HTTPS client',
    lasting: 'final',
    title: 'Registry speaks plain HTTP',
    means: '{host} speaks plain HTTP, and {node} is not configured to use plain HTTP for it.',
    remedies: [
      {
        kind: 'patch',
        title: 'On k3s, on every node that lacks it; then restart k3s there. The port is part of the name',
        file: '/etc/rancher/k3s/registries.yaml',
        patch: 'mirrors:\n  "{host}":\n    endpoint:\n      - "http://{host}"',
      },
      {
        kind: 'patch',
        title: 'On containerd, on every node that lacks it; no restart is needed',
        file: '/etc/containerd/certs.d/{host}/hosts.toml',
        patch: 'server = "http://{host}"\n[host."http://{host}"]\n  capabilities = ["pull", "resolve"]',
      },
    ],
  },
  {
    id: 'https-registry-over-http',
    says: {
      'http-https-mismatch': [
        /client sent an HTTP request to an HTTPS server/i,
        /malformed HTTP response.{0,10}\\x15\\x03/i,
        /URL:http(?!s)\S{0,20}:? 400 bad request/i,
        /plain HTTP request was sent to HTTPS port/i,
      ],
    },
    // containerd 1.6 names no URL there.
    vaguely: { 'http-https-mismatch': [/failed with status code \[manifests [^\]]{1,200}\]: 400 bad request/i] },
    example:
      'unexpected status from HEAD request to http://registry.test:5503/v2/team/app/manifests/1.0: 400 Bad Request',
    lasting: 'final',
    title: 'Registry requires HTTPS',
    means: '{node} uses plain HTTP for {host}, and {host} accepts HTTPS only.',
    remedies: [
      {
        kind: 'advice',
        title: 'In the registry configuration of the node (hosts.toml, registries.yaml), write https:// for {host}',
      },
    ],
  },
  {
    id: 'certificate-expired',
    says: { 'tls-untrusted': [/certificate has expired/i, /certificate is not yet valid/i, /expired certificate/i] },
    example:
      'x509: certificate has expired or is not yet valid: current time 2022-05-29T12:15:44Z is after 2022-05-19T18:46:49Z',
    lasting: 'final',
    title: 'Certificate has expired',
    means: 'The certificate of {host} is not valid at the time that {node} believes it is.',
    remedies: [
      {
        kind: 'advice',
        title:
          'If the "current time" in the message is right, renew the certificate; if not, correct the clock of the node (NTP)',
      },
      look,
    ],
  },
  {
    id: 'certificate-unsuitable',
    says: {
      'tls-untrusted': [
        /incompatible key usage/i,
        /legacy Common Name/i,
        /unhandled critical extension/i,
        /insecure algorithm|negative serial number|invalid (?:signature|serial)/i,
        /not authorized to sign|too many intermediates|certificate is not a CA/i,
        /(?:malformed|failed to parse) certificate/i,
      ],
    },
    example:
      'failed to do request: Head "https://a.example/v2/app/manifests/1": x509: certificate specifies an incompatible key usage',
    lasting: 'final',
    title: 'Certificate is not a server certificate',
    means:
      '{host} presents a certificate that is not valid for a server: its usage, names or signature do not allow it. Installing an authority does not help.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Issue the certificate of {host} anew: for server authentication, with {host} as a subject alternative name',
      },
      look,
    ],
  },
  {
    id: 'certificate-name-mismatch',
    says: {
      'tls-untrusted': [
        /doesn't contain any IP SANs/i,
        /certificate is (?:not )?valid for/i,
        /hostname .{0,200} doesn't match/i,
      ],
    },
    example: 'x509: certificate is valid for other.example, not registry.test',
    lasting: 'final',
    title: 'Certificate is for another name',
    means: 'The certificate of {host} does not name that host.',
    remedies: [
      {
        kind: 'advice',
        title: 'Use a name in the image that the certificate has, or issue a certificate that has this name or address',
      },
      look,
    ],
  },
  {
    id: 'certificate-untrusted',
    says: {
      'tls-untrusted': [
        /signed by unknown authority/i,
        /failed to verify certificate/i,
        /self[- ]signed certificate/i,
        /unable to get (?:local )?issuer/i,
        /certificate is not trusted/i,
        /x509:/i,
      ],
    },
    example:
      'failed to do request: Head https://quay.io/v2/a/b/manifests/v1: x509: certificate signed by unknown authority',
    lasting: 'final',
    title: 'Certificate is not trusted',
    means: '{node} does not trust the authority that signed the certificate of {host}.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Install the authority on every node, or name it as ca for {host} in hosts.toml or registries.yaml; is a proxy in between that makes its own certificates?',
      },
      look,
    ],
  },
  {
    id: 'tls-handshake-timeout',
    says: { 'registry-timeout': [/TLS handshake timeout/i] },
    example: 'Error response from daemon: Get "https://noimage.com/v2/": net/http: TLS handshake timeout',
    lasting: 'transient',
    title: 'TLS handshake times out',
    means: '{host} accepts the connection from {node}, but does not answer the TLS handshake.',
    remedies: [
      {
        kind: 'advice',
        title: 'Look at what is between {node} and {host}: a firewall or proxy, or an MTU that is too large',
      },
    ],
  },
  {
    id: 'tls-handshake-failed',
    says: {
      'tls-handshake': [
        /remote error: tls:/i,
        /\btls: /i,
        /handshake (?:failure|failed|error)/i,
        /bad record MAC/i,
        /ssl.{0,40}(?:alert|handshake)/i,
      ],
    },
    example:
      'failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.25-alpine": remote error: tls: handshake failure',
    lasting: 'transient',
    title: 'TLS handshake fails',
    means: '{node} and {host} cannot agree on a TLS connection; the image is not at fault.',
    remedies: [
      {
        kind: 'advice',
        title:
          'See whether other nodes pull from {host}: one node points to that node, all of them to the way out (firewall, proxy) or to the registry',
      },
      {
        kind: 'command',
        title: 'If it is this node alone, keep new pods off it',
        argv: ['kubectl', 'cordon', '{node}'],
      },
      {
        kind: 'advice',
        title:
          'Until then, do not delete pods that still run: roll back in Git, or use a node or registry that has the image',
      },
    ],
  },
]
