import { expect, test } from 'vitest'
import { followPlan } from '../../../src/playbooks/image-pull/progress.ts'
import { plain } from '../../../src/text.ts'

function shown(plan: ReturnType<typeof followPlan>): readonly string[] {
  return plan.steps().map(({ title, state, result }) => `${title}: ${state}${result ? `, ${plain(result)}` : ''}`)
}

test('a step runs until the last of its checks has answered', () => {
  const plan = followPlan()
  expect(plan.steps()).toEqual([])
  plan.started('manifest')
  plan.started('tags')
  plan.seen('tags', { known: true, value: { status: 'names', names: [] } })
  expect(shown(plan)).toEqual(['Asking the registry: running'])
  const asked = { method: 'GET', url: 'http://registry.test:5000/v2/app/manifests/1' }
  const refused = { status: 'missing', asked, http: 404, code: 'MANIFEST_UNKNOWN' }
  plan.seen('manifest', { known: true, value: { answer: refused } })
  expect(shown(plan)).toEqual(['Asking the registry: done, 404 MANIFEST_UNKNOWN'])
})

test('what could not be looked at says why', () => {
  const plan = followPlan()
  plan.seen('credentials', { known: false, reason: 'not allowed (`get secrets` in shop)' })
  expect(shown(plan)).toEqual(['Reading pull secrets: failed, not allowed (`get secrets` in shop)'])
})

test('steps stand in their order, whichever began first', () => {
  const plan = followPlan()
  plan.seen('image-builds', { known: true, value: undefined })
  plan.seen('events', { known: true, value: [] })
  expect(shown(plan)).toEqual(['Reading the pod: done', 'Looking for its build: done, none'])
})

test('of several answers the first is shown: the others are about the image before', () => {
  const plan = followPlan()
  const asked = { method: 'GET', url: 'http://registry.test:5000/v2/app/manifests/1' }
  plan.seen('manifest', {
    known: true,
    value: { answer: { status: 'missing', asked, http: 404, code: 'MANIFEST_UNKNOWN' } },
  })
  plan.seen('manifest', { known: true, value: { answer: { status: 'found', asked } } })
  expect(shown(plan)).toEqual(['Asking the registry: done, 404 MANIFEST_UNKNOWN'])
})
