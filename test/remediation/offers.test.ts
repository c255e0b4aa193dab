import { describe, expect, test } from 'vitest'
import type { ActionEntry } from '../../src/incidents/incident.ts'
import type { ActionId } from '../../src/remediation/action-id.ts'
import { findAction } from '../../src/remediation/actions.ts'
import { plain, text } from '../../src/text.ts'
import { verdictOf } from '../support/incident-samples.ts'
import { backendOf, bare, buildOf, inCluster, type SituationParts, seen, situationOf } from '../support/situation-of.ts'

/** `no: …` with its reason; `-`: it has nothing to do with this. */
function offered(action: ActionId, parts: SituationParts): string {
  const offering = findAction(action).offer(situationOf(parts))
  if (!offering) return '-'
  return offering.offered === 'no' ? `no: ${plain(offering.reason)}` : offering.offered
}

function did(of: Partial<ActionEntry>): ActionEntry {
  const entry = { id: 'x', action: 'rerun-build', label: 'x', state: 'done', alone: true, says: '', steps: [] } as const
  return { ...entry, ...of, steps: [] }
}

const exact = (...of: Parameters<typeof buildOf>) =>
  seen({ exact: [buildOf(...of)], otherTag: [], otherRegistry: [], open: [], looked: 1, builds: 1, complete: true })
const none = seen({ exact: [], otherTag: [], otherRegistry: [], open: [], looked: 1, builds: 0, complete: true })
const reading = (willRepeat: boolean) =>
  seen({ tail: [], error: { class: 'STEP', title: 'x', means: 'x', willRepeat, pushTimedOut: false } })
const change = {
  container: 'backend',
  imageBefore: 'a:1',
  imageNow: 'a:2',
  when: '2026-11-24T02:00:00Z',
  by: undefined,
  revisionBefore: 1,
  stillPulls: true,
} as const
const { stillPulls: _, ...unasked } = change
const service = seen(inCluster)
const minutesAgo = (of: number) => new Date(Date.parse('2026-11-24T03:14:00Z') - of * 60_000).toISOString()

const rows: readonly (readonly [ActionId, string, SituationParts, string])[] = [
  ['rerun-build', 'the build failed', { cause: 'build-failed', builds: exact(), reading: reading(false) }, 'primary'],
  ['rerun-build', 'its log is not known', { cause: 'build-failed', builds: exact() }, 'primary'],
  ['rerun-build', 'it will fail again', { cause: 'build-failed', builds: exact(), reading: reading(true) }, 'button'],
  [
    'rerun-build',
    'images were lost',
    { cause: 'registry-storage-lost', builds: exact({ state: 'succeeded' }) },
    'primary',
  ],
  ['rerun-build', 'a layer is missing', { cause: 'blob-missing', builds: exact({ state: 'succeeded' }) }, 'primary'],
  ['rerun-build', 'the content is corrupt', { cause: 'corrupt-content', builds: exact() }, 'primary'],
  [
    'rerun-build',
    'a layer is missing, and nothing builds it',
    { cause: 'blob-missing', builds: none },
    'no: no build of it is known',
  ],
  ['rerun-build', 'the build failed, and was deleted since', { cause: 'build-failed', builds: none }, '-'],
  [
    'rerun-build',
    'builds could not be seen',
    { cause: 'build-failed' },
    'no: its builds could not be read: nobody looked',
  ],
  [
    'rerun-build',
    'one runs',
    { cause: 'build-failed', builds: exact({ state: 'running' }) },
    'no: Job cortex-chat/backend-build is already building it',
  ],
  [
    'rerun-build',
    'one waits to run',
    { cause: 'build-failed', builds: exact({ state: 'pending' }) },
    'no: Job cortex-chat/backend-build is already building it',
  ],
  [
    'rerun-build',
    'it pushes nothing',
    { cause: 'build-failed', builds: exact({ noPush: true }) },
    'no: it pushes nothing (--no-push)',
  ],
  [
    'rerun-build',
    'it failed three times here',
    { cause: 'build-failed', builds: exact(), incident: { actions: Array(3).fill(did({ state: 'failed' })) } },
    'no: it failed 3 times here: examine the build itself',
  ],
  [
    'rerun-build',
    'it failed twice here',
    { cause: 'build-failed', builds: exact(), incident: { actions: Array(2).fill(did({ state: 'failed' })) } },
    'primary',
  ],
  ['rerun-build', 'the build itself is the subject', { cause: 'build-failed', ownBuild: buildOf() }, 'primary'],
  ['rerun-build', 'the tag is missing, and nothing builds it', { cause: 'tag-missing', builds: none }, '-'],
  [
    'rerun-build',
    'the image is gone that a build pushed',
    { cause: 'repository-missing', builds: exact({ state: 'succeeded' }) },
    'primary',
  ],
  ['rerun-build', 'the tag is missing, and builds could not be seen', { cause: 'tag-missing' }, '-'],
  ['rerun-build', 'never built, and nothing builds it', { cause: 'image-never-built', builds: none }, '-'],
  [
    'rerun-build',
    'never built, and a CronJob stands by',
    { cause: 'image-never-built', builds: exact({ kind: 'CronJob', state: 'scheduled', hasRun: false }) },
    'primary',
  ],
  [
    'rerun-build',
    'never built, and its Job is suspended',
    { cause: 'image-never-built', builds: exact({ state: 'suspended' }) },
    'no: it is suspended in Git',
  ],
  [
    'propose-build',
    'never built, and a CronJob stands by',
    { cause: 'image-never-built', builds: exact({ kind: 'CronJob', state: 'suspended' }) },
    '-',
  ],
  ['rerun-build', 'the pull secret is missing', { cause: 'pull-secret-missing', builds: exact() }, '-'],

  [
    'create-build',
    'never built, and Git has a build',
    { cause: 'image-never-built', gitBuilds: seen({ files: ['a.yaml'], proposed: undefined }) },
    'primary',
  ],
  [
    'create-build',
    'never built, and Git has none',
    { cause: 'image-never-built', gitBuilds: seen({ files: [], proposed: 'a.yaml' }) },
    '-',
  ],
  ['create-build', 'never built, and there is no checkout', { cause: 'image-never-built' }, '-'],
  [
    'create-build',
    'the build failed',
    { cause: 'build-failed', gitBuilds: seen({ files: ['a.yaml'], proposed: undefined }) },
    '-',
  ],

  [
    'propose-build',
    'never built, and Git has none',
    { cause: 'image-never-built', gitBuilds: seen({ files: [], proposed: 'a.yaml' }) },
    'primary',
  ],
  ['propose-build', 'never built, and Git is not known', { cause: 'image-never-built' }, 'primary'],
  [
    'propose-build',
    'never built, and Git has a build',
    { cause: 'image-never-built', gitBuilds: seen({ files: ['a.yaml'], proposed: undefined }) },
    '-',
  ],
  ['propose-build', 'the tag is missing', { cause: 'tag-missing' }, '-'],

  ['restart-registry', 'it is down', { cause: 'registry-down', backend: seen(backendOf()) }, 'primary'],
  [
    'restart-registry',
    'it does not answer in time',
    { cause: 'registry-timeout', backend: seen(backendOf()) },
    'primary',
  ],
  [
    'restart-registry',
    'its storage is on the node',
    { cause: 'registry-down', backend: seen(backendOf({ pods: [{ ...podOf(), storage: 'host' }] })) },
    'primary',
  ],
  [
    'restart-registry',
    'its images live in the pod',
    { cause: 'registry-down', backend: seen(backendOf({ pods: [{ ...podOf(), storage: 'pod' }] })) },
    'no: images live in the pod (emptyDir), and a restart would lose all of them',
  ],
  [
    'restart-registry',
    'those of one of its pods do',
    { cause: 'registry-down', backend: seen(backendOf({ pods: [podOf(), { ...podOf(), storage: 'pod' }] })) },
    'no: images live in the pod (emptyDir), and a restart would lose all of them',
  ],
  [
    'restart-registry',
    'it has no pod',
    { cause: 'registry-down', backend: seen(backendOf({ pods: [] })) },
    'no: it has no pod: it is scaled to 0, or gone',
  ],
  [
    'restart-registry',
    'its endpoints are written by hand',
    { cause: 'registry-down', backend: seen(backendOf({ selects: false })) },
    'no: its Service selects no pods, so its endpoints are set by something else',
  ],
  ['restart-registry', 'it runs elsewhere', { cause: 'registry-timeout', backend: seen(undefined) }, '-'],
  [
    'restart-registry',
    'what stands behind it is not known',
    { cause: 'registry-timeout' },
    'no: its pods could not be read: nobody looked',
  ],
  ['restart-registry', 'it refuses the login', { cause: 'credentials-rejected', backend: seen(backendOf()) }, '-'],
  ['restart-registry', 'it has no such tag', { cause: 'tag-missing', backend: seen(backendOf()) }, '-'],

  ['roll-back', 'the image before still pulls', { failed: { change } }, 'button'],
  ['roll-back', 'it does not', { failed: { change: { ...change, stillPulls: false } } }, '-'],
  ['roll-back', 'that is not known', { failed: { change: unasked } }, '-'],
  ['roll-back', 'there was none before', {}, '-'],
  ['roll-back', 'it heals by itself', { cause: 'stale-backoff', failed: { change } }, '-'],
  ['roll-back', 'its build runs', { cause: 'build-running', failed: { change } }, '-'],
  ['roll-back', 'the node is at fault', { failed: { change, at: 'node' } }, '-'],
  [
    'roll-back',
    'a Job made it',
    { failed: { change }, owner: seen({ kind: 'Job', name: 'x' }) },
    'no: a Job is not rolled out',
  ],
  ['roll-back', 'nobody made it', { failed: { change }, owner: seen(undefined) }, 'no: a bare pod is not rolled out'],
  [
    'roll-back',
    'its owner could not be seen',
    { failed: { change }, owner: { known: false, reason: 'not allowed' } },
    'no: its owner could not be seen: not allowed',
  ],

  ['test-from-node', 'it is not enabled', { failed: { at: 'way' } }, '-'],
  ['test-from-node', 'the way is at fault', { failed: { at: 'way' }, settings: { testFromNode: probe() } }, 'button'],
  [
    'test-from-node',
    'the content is at fault',
    { failed: { at: 'content' }, settings: { testFromNode: probe() } },
    '-',
  ],
  [
    'test-from-node',
    'the node is not known',
    { failed: { at: 'way' }, settings: { testFromNode: probe() }, incident: { subject: subjectOf({ node: '' }) } },
    'no: its node is not known',
  ],
  [
    'test-from-node',
    'the host is none',
    {
      failed: { at: 'way' },
      settings: { testFromNode: probe() },
      incident: { subject: subjectOf({ host: '--help' }) },
    },
    '-',
  ],
  [
    'test-from-node',
    'the node is none',
    { failed: { at: 'way' }, settings: { testFromNode: probe() }, incident: { subject: subjectOf({ node: '../x' }) } },
    '-',
  ],

  ['escalate', 'a group is configured', {}, 'menu'],
  [
    'escalate',
    'the verdict advises it',
    {
      failed: {
        verdict: verdictOf({ remedies: [{ kind: 'action', title: text`It is the way out`, escalates: true }] }),
      },
    },
    'button',
  ],
  [
    'escalate',
    'the verdict only uses the word',
    { failed: { verdict: verdictOf({ remedies: [{ kind: 'action', title: text`Escalate: it is the way out` }] }) } },
    'menu',
  ],
  [
    'escalate',
    'no group is configured',
    { settings: { escalationGroup: undefined } },
    'no: no group is configured (escalation.group)',
  ],
  [
    'escalate',
    'it was done ten minutes ago',
    { incident: { actions: [did({ action: 'escalate', endedAt: minutesAgo(10) })] } },
    `no: it was done at ${minutesAgo(10)}`,
  ],
  [
    'escalate',
    'it was done an hour ago',
    { incident: { actions: [did({ action: 'escalate', endedAt: minutesAgo(60) })] } },
    'menu',
  ],

  ['mute', 'it is not muted', {}, 'menu'],
  [
    'mute',
    'it is muted',
    { incident: { muted: { until: minutesAgo(-5), by: 'U0MAYA' } } },
    `no: it is muted until ${minutesAgo(-5)}`,
  ],

  ['delete-stuck-pod', 'it is mended', { cause: 'stale-backoff' }, 'primary'],
  [
    'delete-stuck-pod',
    'nothing would make it again',
    { cause: 'stale-backoff', pod: bare },
    'no: nothing would create this pod again',
  ],
  ['delete-stuck-pod', 'there is no pod', { cause: 'stale-backoff', pod: undefined }, '-'],
  ['delete-stuck-pod', 'the tag is missing', { cause: 'tag-missing' }, '-'],
  ['delete-stuck-pods', 'it is mended', { cause: 'stale-backoff' }, 'primary'],
  ['delete-stuck-pods', 'one node is at fault', { cause: 'tls-handshake-failed' }, 'button'],
  [
    'delete-stuck-pods',
    'one node is at fault, but the registry is in the cluster',
    { cause: 'registry-timeout', service },
    '-',
  ],
]

function podOf() {
  const [pod] = backendOf().pods
  if (!pod) throw new Error('it has one')
  return pod
}

function probe() {
  return { image: `ghcr.io/acme/imagepull@sha256:${'0'.repeat(64)}`, namespace: 'imagepull-probe' }
}

function subjectOf(of: object) {
  return { ...situationOf({}).incident.subject, ...of }
}

describe('what is offered, by what was seen', () => {
  test.each(rows)('%s: %s', (action, _when, parts, expected) => {
    expect(offered(action, parts)).toBe(expected)
  })
})
