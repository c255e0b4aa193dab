import { describe, expect, test } from 'vitest'
import { wrongVerdicts } from '../../src/incidents/investigation/feedback.ts'
import type { Outcome, User } from '../../src/slack/api.ts'
import { wrongView } from '../../src/slack/blocks/modals.ts'
import { press } from '../../src/slack/listeners/buttons.ts'
import { mention } from '../../src/slack/listeners/entry.ts'
import { submit } from '../../src/slack/listeners/modals.ts'
import { freshIncident } from '../support/incident-samples.ts'
import { slackListeners } from '../support/slack-listeners.ts'

const channels = { C0INCIDENTS000: { members: ['UMEMBER', 'UGUEST', 'USTRANGER'] } }
const configuration = { channels: [{ id: 'C0INCIDENTS000' }] }

async function scene(userOutcome?: Outcome<User>) {
  const it = slackListeners({ channels, configuration, ...(userOutcome && { userOutcome }) })
  const { id } = await it.incidents.create(freshIncident({ cluster: 'test', state: 'open' }))
  let events = 0
  return {
    ...it,
    id,
    async press(action: string, user: string, value = id) {
      events += 1
      const where = { team: 'T1', channel: 'C0INCIDENTS000', trigger: 't', responseUrl: undefined }
      return JSON.stringify(await press(it.listeners, { action, value, user, event: `e${events}`, ...where }))
    },
  }
}

const readers = ['check-again', 'check-anew', 'choose', 'continue', 'details', 'more', 'post-to'] as const
const refusals = {
  UGUEST: "can't use the buttons",
  USTRANGER: "can't use the buttons",
  UGONE: "can't use the buttons",
  UBOT: "can't use the buttons",
} as const

describe.each(Object.entries(refusals))('%s may press nothing', (user, says) => {
  test('of what only reads', async () => {
    const it = await scene()
    for (const action of readers) expect(await it.press(action, user)).toContain(says)
    for (const what of ['details', 'verdict-is-wrong'])
      expect(await it.press('more', user, `${what} ${it.id}`)).toContain(says)
    expect(it.jobs).toEqual([])
    expect(it.calls.filter((call) => call.startsWith('views.open'))).toEqual([])
    expect((await it.incidents.read(it.id))?.askers).toEqual([])
  })

  test('nor send off the window of another', async () => {
    const it = await scene()
    await submit(it.listeners, submission(user, it.id))
    expect(await wrongVerdicts(it.store).since(new Date(0))).toEqual([])
  })
})

test('while Slack does not say who somebody is, nothing happens; without the scope, what only reads does', async () => {
  const silent = await scene({ outcome: 'unknown', error: 'HTTP 500' })
  expect(await silent.press('check-again', 'UMEMBER')).toContain("Slack can't tell me who you are")
  expect(silent.jobs).toEqual([])
  const minimal = await scene({ outcome: 'refused', error: 'missing_scope', details: [] })
  expect(await minimal.press('check-again', 'UMEMBER')).toContain("I'm checking again now")
})

test('a guest may ask, and somebody of another organisation may not', async () => {
  const it = await scene()
  const of = { team: 'T1', channel: 'C0INCIDENTS000', text: 'shop/web', ts: '1.1' }
  await mention(it.listeners, { ...of, user: 'USTRANGER', event: 'e1' })
  expect(it.jobs).toEqual([])
  expect(JSON.stringify(it.told)).toContain("can read here, but can't ask me")
  await mention(it.listeners, { ...of, user: 'UGUEST', event: 'e2' })
  expect(it.jobs).toHaveLength(1)
})

describe('Check again', () => {
  test('sixty presses of one person are few checks, and others are not kept from it', async () => {
    const it = await scene()
    const answers = await Promise.all(Array.from({ length: 60 }, () => it.press('check-again', 'UMEMBER')))
    expect(answers.filter((says) => says.includes("I'm checking again now"))).toHaveLength(4)
    expect(answers.filter((says) => /You can check again in .*60/.test(says))).toHaveLength(56)
    expect(it.jobs.filter((job) => job.startsWith('investigate'))).toHaveLength(4)
    expect(await it.press('check-again', 'UOTHER')).toContain("I'm checking again now")
    const { id } = await it.incidents.create(freshIncident({ id: 'ABCDE', key: 'other', state: 'open' }))
    expect(await it.press('check-again', 'UMEMBER', id)).toContain("I'm checking again now")
  })

  test('of an incident that is over is one question', async () => {
    const it = await scene()
    await it.incidents.change(it.id, (before) => ({ ...before, state: 'fixed' }))
    await Promise.all(Array.from({ length: 20 }, () => it.press('check-anew', 'UMEMBER')))
    expect(it.jobs.filter((job) => job.startsWith('request'))).toHaveLength(1)
  })
})

test('Verdict is wrong keeps one copy of the facts for each person and verdict, with the newest words', async () => {
  const it = await scene()
  for (const says of ['the tag', 'the secret', 'the node'])
    await submit(it.listeners, submission('UMEMBER', it.id, says))
  await submit(it.listeners, submission('UOTHER', it.id, 'no'))
  const kept = await wrongVerdicts(it.store).since(new Date(0))
  expect(kept.map(({ by, says }) => `${by}: ${says}`).toSorted()).toEqual(['UMEMBER: the node', 'UOTHER: no'])
  const { timeline = [] } = (await it.incidents.read(it.id)) ?? {}
  expect(timeline.filter(({ what }) => what === 'wrong')).toHaveLength(2)
})

function submission(user: string, incident: string, says = 'it was never built') {
  return { callback: wrongView.callback, team: 'T1', user, view: 'V1', metadata: incident, typed: () => says }
}
