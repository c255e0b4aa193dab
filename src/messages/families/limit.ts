import type { Row } from '../row.ts'

/** Quotas of registries. */
export const limit: readonly Row[] = [
  {
    id: 'login-locked',
    says: {
      'rate-limited': [
        /too many (?:failed|unsuccessful|incorrect) (?:login|log-?in|sign-?in|authentication|password)/i,
        /recurrent login failures/i,
      ],
      'auth-denied': [
        /(?:account|user|address|ip)\b.{0,60}\b(?:is|has been|been|was|are) (?:temporarily )?(?:locked|banned)\b/i,
        /locked out\b/i,
      ],
    },
    example: 'toomanyrequests: too many failed login attempts for username or IP address',
    lasting: 'final',
    title: 'Login is locked',
    means: 'After too many logins with a wrong password, {host} has locked the account or the address of the nodes.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Find what still uses the old password (pull secrets of every namespace, nodes, build jobs) and correct it; then wait until {host} unlocks the login',
      },
      { kind: 'advice', title: 'Do not retry until then: every attempt prolongs the lock' },
    ],
  },
  {
    id: 'rate-limited',
    says: {
      'rate-limited': [
        /too\s?many\s?requests/i,
        /pull rate limit/i,
        /\bstatus ?(?:code)?\b[^\n]{0,120}\b429\b/i,
        /\b429 [A-Z]/,
        /rate ?limit(?:ed|ing)?\b.{0,40}(?:exceed|reach)/i,
        /(?:exceeded|reached).{0,40}rate ?limit/i,
        /(?<!disk )quota exceeded/i,
        /rate exceeded|throttlingexception/i,
      ],
    },
    example:
      'toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit',
    lasting: 'transient',
    title: 'Rate limited',
    means:
      '{host} got too many requests from the address of the nodes, or from this account, and refuses more for some time.',
    remedies: [
      { kind: 'advice', title: 'Wait: the limit ends by itself. Do not delete pods: every new pull counts' },
      {
        kind: 'advice',
        title: 'To avoid it: pull with a login, through a pull-through cache, and with imagePullPolicy IfNotPresent',
      },
    ],
  },
]
