import { describe, expect, test } from 'vitest'
import type { ActionEntry } from '../../src/incidents/incident.ts'
import { causes } from '../../src/playbooks/image-pull/causes.ts'
import { deletionWarning, mayDeletePods } from '../../src/remediation/actions/delete-stuck-pods.ts'
import { plain } from '../../src/text.ts'
import { inCluster, type SituationParts, seen, situationOf } from '../support/situation-of.ts'

const never = ['pulls-throttled', 'rate-limited', 'pull-queued', 'invalid-image-name']
const mended = ['stale-backoff', 'pull-secret-not-attached']
const ofNode = [
  ...['tls-handshake-failed', 'tls-handshake-timeout', 'certificate-untrusted', 'plain-http-registry'],
  ...['node-resolver-broken', 'proxy-failed', 'registry-unroutable', 'connection-reset', 'registry-timeout'],
  ...['node-disk-full', 'node-filesystem-fault', 'image-inspect-failed', 'corrupt-content', 'pull-stalled'],
]
const named = [...never, ...mended, ...ofNode]
const ids = causes.map(({ id }) => id)

function offered(parts: SituationParts): string {
  const offering = mayDeletePods(situationOf(parts))
  if (!offering) return '-'
  return offering.offered === 'no' ? `no: ${plain(offering.reason)}` : offering.offered
}

test('each cause that is named here is one', () => {
  // That a pull waits for its turn is no failure, so nothing is diagnosed as that yet.
  expect(named.filter((id) => !ids.includes(id))).toEqual(['pull-queued'])
})

describe('deleting a pod that waits for its image', () => {
  test.each(never)('never helps against %s', (cause) => {
    expect(offered({ cause })).toMatch(/^no: /)
    expect(offered({ cause, service: seen(inCluster) })).toMatch(/^no: /)
  })

  test.each(mended)('is the first thing to do after %s, without a warning', (cause) => {
    expect(offered({ cause })).toBe('primary')
    expect(deletionWarning(situationOf({ cause }), 'node-7')).toEqual([])
  })

  test.each(ofNode)('may help against %s, with a warning; not where the registry is in the cluster', (cause) => {
    expect(offered({ cause })).toBe('button')
    expect(offered({ cause, service: seen(inCluster) })).toBe('-')
    expect(deletionWarning(situationOf({ cause }), 'node-7').join(' ')).toBe(
      'The cause remains (some cause): a new pod may land on node-7 and fail the same way; cordon node-7 first.',
    )
  })

  test.each([...ids.filter((id) => !named.includes(id)), 'unknown'])('has nothing to do with %s', (cause) => {
    expect(offered({ cause })).toBe('-')
  })

  const restart = (state: ActionEntry['state'], minutesAgo: number): ActionEntry => ({
    ...{ id: 'x', action: 'restart-registry', label: 'x', state, alone: true, says: '', steps: [] },
    endedAt: new Date(Date.parse('2026-11-24T03:14:00Z') - minutesAgo * 60_000).toISOString(),
  })
  test.each([
    ['just after the registry was restarted', restart('done', 1), /^no: the registry was restarted/],
    ['when its pods had time enough', restart('done', 7), /^primary$/],
    ['after a restart that failed', restart('failed', 1), /^primary$/],
  ])('%s', (_when, action, expected) => {
    expect(offered({ cause: 'stale-backoff', incident: { actions: [action] } })).toMatch(expected)
  })

  test('not where the registry does not have the image after all', () => {
    const asked = { method: 'HEAD', url: 'http://x/' } as const
    const manifest = seen({ answer: { status: 'missing' as const, asked, code: 'MANIFEST_UNKNOWN' }, tried: [] })
    expect(offered({ cause: 'stale-backoff', manifest })).toMatch(/^no: the registry does not have/)
  })
})
