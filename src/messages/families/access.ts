import type { Row } from '../row.ts'

const secrets = {
  kind: 'command',
  title: 'See which pull secrets the pod has',
  argv: ['kubectl', '-n', '{namespace}', 'get', 'pod', '{pod}', '-o', 'jsonpath={.spec.imagePullSecrets}'],
} as const

/** Logins and rights: what the text alone tells is likely at most, because registries hide what is missing behind it. */
export const access: readonly Row[] = [
  {
    id: 'registry-network-rule',
    says: {
      'auth-denied': [
        /client with IP .{1,80} is not allowed access/i,
        /aka\.ms\/acr\/firewall/i,
        /your client does not have permission to get URL/i,
        /export control|\bsanction(?:s|ed)\b|\bembargo/i,
        /451 unavailable for legal reasons/i,
        /block(?:ed)? access from your (?:country|region|ip|network)/i,
        /vpcServiceControls|prohibited by organization's policy/i,
        /(?:ip|address) .{0,60}(?:not (?:in the )?(?:allowed|whitelist|allow-?list)|denied by (?:ip|network|firewall))/i,
        /sorry, you have been blocked|error code: 10(?:06|07|08|09|20)\b/i,
      ],
    },
    example:
      "DENIED: client with IP '10.0.0.1' is not allowed access, refer https://aka.ms/acr/firewall to grant access",
    lasting: 'final',
    title: 'Registry firewall denies the node',
    means: 'The network rules of {host} do not allow the address of the nodes.',
    remedies: [
      {
        kind: 'advice',
        title:
          "Allow the nodes' outgoing address in the registry's network rules, or link their network to its private endpoint",
      },
    ],
  },
  {
    id: 'credentials-expired',
    says: {
      'auth-required': [
        /authorization token has expired/i,
        /token (?:has|is) expired/i,
        /ExpiredToken/,
        /expired (?:access )?token/i,
        /(?:credentials?|password|session|login|pat) (?:has|have|is|are) expired/i,
      ],
    },
    example: 'denied: Your authorization token has expired. Reauthenticate and try again.',
    lasting: 'final',
    title: 'Login has expired',
    means: 'The login in the pull secret has expired, says {host}.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Create the pull secret again. Tokens of ECR last 12 hours: let a credential provider or a CronJob renew them',
      },
      secrets,
    ],
  },
  {
    id: 'auth-scheme-unsupported',
    says: {
      'auth-required': [
        /did not include a token in the response/i,
        /failed to find supported auth scheme/i,
        /no realm specified/i,
        /missing username or secret/i,
      ],
    },
    example:
      'failed to authorize: failed to fetch anonymous token: authorization server did not include a token in the response',
    lasting: 'final',
    title: 'Login method is not supported',
    means:
      '{host} asks for a login in a way that the container runtime does not support, or its token server gives no token.',
    remedies: [
      { kind: 'advice', title: 'Correct the authentication settings of the registry, or of the proxy in front of it' },
    ],
  },
  {
    id: 'credentials-rejected',
    says: {
      'auth-required': [
        /failed to fetch oauth token[^\n]{0,300}\b40[01]\b/i,
        /incorrect username or password/i,
        /invalid username\/password/i,
        /(?<!may have )(?:invalid|bad|wrong) (?:username|user name|password|credentials)/i,
        /credentials are not valid/i,
        /access to the requested resource is not authorized/i,
        /not registered with AAD/i,
        /AADSTS\d/,
        /authentication (?:failed|failure)/i,
        /HTTP Basic: access denied/i,
        /bad_credential|(?:username|user) or password .{0,20}(?:incorrect|invalid|wrong)/i,
        /(?:access |bearer |authorization )?token (?:provided )?(?:is |was )?(?:not valid|invalid|malformed|revoked|disabled)/i,
        /\binvalid_token\b/i, // RFC 6750, 3.1
      ],
      'auth-denied': [/cannot be authenticated with the token/i],
    },
    // What GHCR answers to a login that it does not take, also for a public image.
    vaguely: { 'auth-denied': [/(?:^|[\s:])denied: denied\b/i] },
    example:
      'failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://auth.example/token: 401 Unauthorized',
    lasting: 'final',
    title: 'Login is rejected',
    means: 'A login was sent to {host}, and it is wrong, expired or revoked.',
    remedies: [{ kind: 'advice', title: 'Put a valid login into the pull secret' }, secrets],
  },
  {
    id: 'credentials-missing',
    says: {
      'auth-required': [
        /no basic auth credentials/i,
        /error parsing HTTP 401 response body/i,
        /failed to fetch anonymous token[^\n]{0,300}\b401\b/i,
        /may require 'docker login'/i,
      ],
      'auth-denied': [
        /pull access denied/i,
        /repository does not exist or may require/i,
        /insufficient_scope: authorization failed/i,
        /requested access to the resource is denied/i,
        /failed to fetch anonymous token[^\n]{0,300}\b403\b/i,
      ],
    },
    vaguely: {
      'auth-required': [
        /authentication required/i,
        /\b401 unauthorized/i,
        /\bstatus ?(?:code)?\b[^\n]{0,160}\b401\b/i,
        /(?:^|[\s:])unauthorized\b/i,
        /please log ?in/i,
        /login required/i,
      ],
    },
    example:
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    lasting: 'final',
    title: 'No login was sent',
    means:
      '{host} requires a login for {image}, and no pull secret of the pod has one for it. Some registries use the same words for a repository that does not exist.',
    remedies: [
      secrets,
      { kind: 'advice', title: 'If the name of the image is right, give the pod a pull secret for {host}' },
    ],
  },
  {
    id: 'access-forbidden',
    says: {
      'auth-denied': [
        /\b403 forbidden/i,
        /\bstatus ?(?:code)?\b[^\n]{0,160}\b403\b/i,
        /permission "[^"]{1,200}" denied/i,
        /error parsing HTTP 403 response body/i,
        /: Forbidden(?=$|[\s"',;)\]])/,
        /(?:namespace|account|repository|project) .{0,60}(?:is|has been) (?:disabled|suspended|blocked)/i,
        /unauthorized to access repository/i,
        /insufficient[ _]scope/i,
        /does not match (?:the )?(?:bearer|access) token/i,
        /AccessDenied/,
        /not authorized to perform/i,
        /don't have the needed permissions/i,
        /access (?:is )?forbidden/i,
        /access denied/i,
      ],
    },
    vaguely: { 'auth-denied': [/(?:^|[\s:])denied\b/i, /have permission to access|you have access\b/i] },
    example: 'unexpected status from HEAD request to https://a.example/v2/app/manifests/1: 403 Forbidden',
    lasting: 'final',
    title: 'Access is forbidden',
    means:
      '{host} accepts the login, but does not allow it to pull {image}. Some registries give this answer for an image that does not exist.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Grant the account of the pull secret (or the node) the right to pull from this repository; is a firewall in front of the registry?',
      },
      secrets,
    ],
  },
]
