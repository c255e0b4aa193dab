import type { Row } from '../row.ts'

/** Quotas of registries. */
export const limit: readonly Row[] = [
  {
    id: 'rate-limited',
    says: {
      'rate-limited': [
        /too\s?many\s?requests/i,
        /pull rate limit/i,
        /\bstatus(?: code)?\b[^\n]{0,120}\b429\b/i,
        /\b429 [A-Z]/,
        /rate ?limit(?:ed|ing)?\b.{0,40}(?:exceed|reach)/i,
        /(?:exceeded|reached).{0,40}rate ?limit/i,
        /(?<!disk )quota exceeded/i,
        /rate exceeded|throttlingexception/i,
      ],
    },
    example:
      'toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit',
    title: 'Rate limited',
    means:
      '{host} has had too many requests from the address of the nodes, or from this account, and refuses more for a while.',
    remedies: [
      { kind: 'advice', title: 'Wait: it heals by itself. Do not delete pods, every new pull counts' },
      {
        kind: 'advice',
        title: 'To keep it so: pull with a login, through a pull-through cache, and with imagePullPolicy IfNotPresent',
      },
    ],
  },
]
