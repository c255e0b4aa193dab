import { describe, expect, test } from 'vitest'
import type { DesiredMessage } from '../../../src/slack/thread/desired.ts'
import { nextStep } from '../../../src/slack/thread/diff.ts'
import type { Thread, ThreadMessage } from '../../../src/slack/thread/record.ts'

const now = new Date('2026-11-24T03:00:00.000Z')

function desired(key: string, of: Partial<DesiredMessage> = {}): DesiredMessage {
  return { key, root: key === 'root', text: key, blocks: [], stage: 'a', pause: 30_000, digest: `${key}-1`, ...of }
}

function shown(key: string, of: Partial<ThreadMessage> = {}): ThreadMessage {
  return { ts: `${key}-ts`, digest: `${key}-1`, stage: 'a', text: key, shownAt: now.toISOString(), ...of }
}

function thread(messages: Thread['messages'] = {}): Thread {
  return { version: 1, channel: 'C1', messages, slots: {}, begun: 1, unsure: 0 }
}

function later(ms: number): Date {
  return new Date(now.getTime() + ms)
}

const both = [desired('root'), desired('findings-1')]

describe('a message that is not there', () => {
  test('is posted, the root before its replies', () => {
    expect(nextStep(both, thread(), now)).toMatchObject({ do: 'post', message: { key: 'root' } })
    expect(nextStep(both, thread({ root: shown('root') }), now)).toMatchObject({ message: { key: 'findings-1' } })
  })

  test('is looked for where its answer was lost', () => {
    const attempt = { nonce: 'n1', at: now.toISOString() }
    const step = nextStep(both, thread({ root: { digest: '', stage: '', text: '', attempt } }), now)
    expect(step).toMatchObject({ do: 'find', nonce: 'n1', since: now })
  })

  test('comes before any edit', () => {
    const changed = [desired('root', { digest: 'root-2', stage: 'b' }), desired('findings-1')]
    expect(nextStep(changed, thread({ root: shown('root') }), later(60_000)).do).toBe('post')
  })
})

describe('a message that changed', () => {
  const messages = { root: shown('root'), 'findings-1': shown('findings-1') }

  test('is left alone while it is the same', () => {
    expect(nextStep(both, thread(messages), later(60_000))).toEqual({ do: 'idle' })
  })

  test('of one stage waits for its pause', () => {
    const changed = [desired('root', { digest: 'root-2' }), desired('findings-1')]
    expect(nextStep(changed, thread(messages), later(10_000))).toEqual({ do: 'wait', ms: 20_000 })
    expect(nextStep(changed, thread(messages), later(30_000))).toMatchObject({ do: 'edit', ts: 'root-ts' })
  })

  test('of another stage is shown at once', () => {
    const changed = [desired('root', { digest: 'root-2', stage: 'b' }), desired('findings-1')]
    expect(nextStep(changed, thread(messages), later(500))).toEqual({ do: 'wait', ms: 700 })
    expect(nextStep(changed, thread(messages), later(1_200)).do).toBe('edit')
  })

  test('and what is due sooner goes first', () => {
    const changed = [desired('root', { digest: 'root-2' }), desired('findings-1', { digest: 'x', pause: 1_200 })]
    expect(nextStep(changed, thread(messages), later(2_000))).toMatchObject({ do: 'edit', ts: 'findings-1-ts' })
  })

  test('is left as it is where it cannot be edited any more', () => {
    const changed = [desired('root'), desired('findings-1', { digest: 'x' })]
    const lost = { ...messages, 'findings-1': shown('findings-1', { lost: true }) }
    expect(nextStep(changed, thread(lost), later(60_000))).toEqual({ do: 'idle' })
  })
})

describe('findings that are not the newest', () => {
  const blocks = [{ type: 'rich_text' }, { type: 'actions' }, { type: 'context' }]
  const messages = {
    root: shown('root'),
    'findings-1': shown('findings-1', { blocks }),
    'findings-2': shown('findings-2'),
  }

  test('lose their buttons and keep the rest', () => {
    const step = nextStep([desired('root'), desired('findings-2')], thread(messages), now)
    expect(step).toMatchObject({
      do: 'retire',
      key: 'findings-1',
      ts: 'findings-1-ts',
      blocks: [{ type: 'rich_text' }, { type: 'context' }],
    })
  })

  test('once', () => {
    const retired = { ...messages, 'findings-1': shown('findings-1', { blocks: [{ type: 'rich_text' }] }) }
    expect(nextStep([desired('root'), desired('findings-2')], thread(retired), now)).toEqual({ do: 'idle' })
  })

  test('only when the newer ones are posted', () => {
    const { 'findings-2': _, ...without } = messages
    expect(nextStep([desired('root'), desired('findings-2')], thread(without), now).do).toBe('post')
  })
})
