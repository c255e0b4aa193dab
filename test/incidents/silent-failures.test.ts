import { expect, test } from 'vitest'
import type { Failure } from '../../src/incidents/failure.ts'
import { findSilentFailures } from '../../src/incidents/reconcile/snapshot.ts'
import { text } from '../../src/text.ts'

const subject: Failure = {
  ...{ cluster: 'prod', namespace: 'shop', pod: 'api-1', uid: 'u1', node: 'node-1', image: '10.43.0.5:5000/api:1' },
  ...{ workload: { kind: 'Deployment', name: 'api', key: 'shop/Deployment/api' }, host: '10.43.0.5:5000' },
  ...{ at: 'nowhere', secrets: [], since: '2026-11-25T03:00:00Z' },
}
const open = { state: 'open', subject } as const
const sight = { failures: [], unready: new Set(['u1']) }

test.each([
  ['its pull hangs, as the last check found', open, sight, [subject]],
  ['nobody has checked it yet', { ...open, state: 'checking' as const }, sight, []],
  ['the last check found that it heals', { ...open, healing: text`Still pulling.` }, sight, []],
  [
    'the kubelet told of it, and now pulls again',
    { ...open, subject: { ...subject, at: 'content' as const } },
    sight,
    [],
  ],
  ['it is ready', open, { ...sight, unready: new Set<string>() }, []],
  ['the kubelet tells of it now', open, { ...sight, failures: [subject] }, []],
])('%s', (_name, incident, seen, unsaid) => {
  expect(findSilentFailures(incident, seen)).toEqual(unsaid)
})
