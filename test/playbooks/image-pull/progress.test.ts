import { expect, test } from 'vitest'
import { imageBuilds } from '../../../src/playbooks/image-pull/checks/builds.ts'
import { events } from '../../../src/playbooks/image-pull/checks/pod.ts'
import { credentials } from '../../../src/playbooks/image-pull/checks/pull-secrets.ts'
import { manifest, tags } from '../../../src/playbooks/image-pull/checks/registry.ts'
import { followProgress, type Progress } from '../../../src/playbooks/image-pull/progress.ts'
import { plain } from '../../../src/text.ts'

function shown(progress: Progress): readonly string[] {
  return progress.steps().map(({ title, state, result }) => `${title}: ${state}${result ? `, ${plain(result)}` : ''}`)
}

test('a step runs until the last of its checks has answered', () => {
  const progress = followProgress()
  expect(progress.steps()).toEqual([])
  progress.started(manifest)
  progress.started(tags)
  progress.seen(tags, { known: true, value: { status: 'names', names: [] } })
  expect(shown(progress)).toEqual(['Asking the registry: running'])
  const asked = { method: 'GET', url: 'http://registry.test:5000/v2/app/manifests/1' }
  const refused = { status: 'missing', asked, http: 404, code: 'MANIFEST_UNKNOWN' }
  progress.seen(manifest, { known: true, value: { answer: refused } })
  expect(shown(progress)).toEqual(['Asking the registry: done, 404 MANIFEST_UNKNOWN'])
})

test('what could not be looked at says why', () => {
  const progress = followProgress()
  progress.seen(credentials, { known: false, reason: 'not allowed (`get secrets` in shop)' })
  expect(shown(progress)).toEqual(['Reading pull secrets: failed, not allowed (`get secrets` in shop)'])
})

test('steps stand in their order, whichever began first', () => {
  const progress = followProgress()
  progress.seen(imageBuilds, { known: true, value: undefined })
  progress.seen(events, { known: true, value: [] })
  expect(shown(progress)).toEqual(['Reading the pod: done', 'Looking for its build: done, none'])
})

test('of several answers the first is shown: the others are about the image before', () => {
  const progress = followProgress()
  const asked = { method: 'GET', url: 'http://registry.test:5000/v2/app/manifests/1' }
  progress.seen(manifest, {
    known: true,
    value: { answer: { status: 'missing', asked, http: 404, code: 'MANIFEST_UNKNOWN' } },
  })
  progress.seen(manifest, { known: true, value: { answer: { status: 'found', asked } } })
  expect(shown(progress)).toEqual(['Asking the registry: done, 404 MANIFEST_UNKNOWN'])
})
