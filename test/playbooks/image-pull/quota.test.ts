import { expect, test } from 'vitest'
import { quotaEvidence } from '../../../src/playbooks/image-pull/evidence/answers.ts'
import type { Quota } from '../../../src/registry/manners/limits.ts'
import { plain } from '../../../src/text.ts'

const url = 'https://registry-1.docker.io/v2/library/nginx/manifests/1'
const quota: Quota = { limit: 100, remaining: 76, window: 21_600, counts: 'address' }

function told(of: Quota | undefined, credential?: string): readonly string[] {
  const asked = { method: 'HEAD', url, ...(credential && { credential }) } as const
  return quotaEvidence({ status: 'found', asked, mediaType: '', ...(of && { quota: of }) }).map(({ says }) =>
    plain(says),
  )
}

test.each([
  ['of an address', quota, undefined, 'from here, 76 of 100 pulls in 6 h are left; the nodes have another address'],
  ['of a login', { ...quota, counts: 'account' } as const, 'secret shop/hub', 'for the account of secret shop/hub'],
  // An account that nobody named cannot be the pod's.
  ['of nobody known', { ...quota, counts: 'account' } as const, undefined, 'from here'],
])('a quota %s is told as whose it is', (_, of, credential, words) => {
  expect(told(of, credential)).toEqual([expect.stringContaining(words)])
})

test('no quota, no evidence', () => {
  expect(told(undefined)).toEqual([])
})
