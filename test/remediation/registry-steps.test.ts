import { describe, expect, test } from 'vitest'
import { RegistryError } from '../../src/registry/errors.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { defaultActionTiming } from '../../src/remediation/settings.ts'
import { waitForAnswer, waitForImage } from '../../src/remediation/steps/registry.ts'
import { incidentParts } from '../support/incident-parts.ts'

const asked = { method: 'HEAD', url: 'https://registry.test/v2/app/manifests/1' } as const
const question = { image: 'registry.test/app:1', host: 'registry.test', repository: 'app', reference: '1' }

function fail(code: RegistryError['code']) {
  return async (): Promise<never> => {
    throw new RegistryError(code, 'HEAD', 'no answer')
  }
}

/** @param seconds How long the step runs already. */
function asking(answers: Partial<Registry>, seconds = 0) {
  const { clusters, closed } = incidentParts({ registry: answers as Registry }) // the other methods are not called
  const watched = clusters.get('test')
  if (!watched) throw new Error('no cluster')
  const since = new Date('2026-11-24T03:14:00Z')
  const now = () => new Date(since.getTime() + seconds * 1_000)
  const { signal } = new AbortController()
  return { closed, context: { watched, timing: { ...defaultActionTiming, poll: 7 }, since, now, signal } }
}

describe('an image that was pushed', () => {
  const missing = async () => ({ status: 'missing', asked }) as const
  test.each<[string, Registry['manifest'], number, object]>([
    ['is there', async () => ({ status: 'found', asked, digest: 'sha256:1', mediaType: '' }), 0, { step: 'done' }],
    ['is not there yet', missing, 59, { step: 'wait', ms: 7 }],
    ['does not come', missing, 61, { step: 'failed' }],
    ['cannot be looked for', fail('timeout'), 61, { step: 'done' }],
  ])('%s', async (_what, manifest, seconds, outcome) => {
    const { context, closed } = asking({ manifest }, seconds)
    expect(await waitForImage(context, question)).toMatchObject(outcome)
    expect(closed).toEqual(['test'])
  })
})

describe('a registry that was restarted', () => {
  const serverError = async () => ({ status: 'server-error', asked, http: 503 }) as const
  const unauthorized = async () => ({ status: 'unauthorized', asked, http: 401, by: 'registry' }) as const
  test.each<[string, Registry['repositories'], number, object]>([
    ['wants a login', unauthorized, 0, { step: 'done' }],
    ['answers with an error', serverError, 0, { step: 'wait', ms: 7 }],
    ['does not answer yet', fail('unreachable'), 59, { step: 'wait', ms: 7 }],
    ['does not answer', fail('unreachable'), 61, { step: 'failed' }],
    ['may not be asked', fail('not-allowed'), 61, { step: 'done' }],
  ])('%s', async (_what, repositories, seconds, outcome) => {
    const { context, closed } = asking({ repositories }, seconds)
    expect(await waitForAnswer(context, question)).toMatchObject(outcome)
    expect(closed).toEqual(['test'])
  })
})
