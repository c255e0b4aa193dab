import { describe, expect, test } from 'vitest'
import { Later } from '../../src/queue/queue.ts'
import { rightsInDirectMessage } from '../../src/slack/access.ts'
import { postTo } from '../../src/slack/listeners/buttons.ts'
import { commandImagepull } from '../../src/slack/listeners/entry.ts'
import { failingPods } from '../support/failing-pods.ts'
import { slackListeners } from '../support/slack-listeners.ts'

const configuration = {
  clusters: [{ name: 'prod' }, { name: 'staging' }],
  channels: [
    { id: 'C0PAYMENTS000', clusters: ['prod'], namespaces: ['payments'] },
    { id: 'C0STAGING000', clusters: ['staging'] },
    { id: 'C0SECRET000', clusters: ['prod'], namespaces: ['secret'] },
    { id: 'C0ALERTS000', clusters: ['prod'], may: ['alerts'] },
  ],
}
const channels = {
  C0PAYMENTS000: { members: ['UMEMBER'] },
  C0STAGING000: { members: ['UGUEST'] },
  C0SECRET000: { private: true, members: ['UOTHER'] },
  C0ALERTS000: { members: ['UMEMBER', 'UOTHER', 'UGUEST'] },
}
const web = (namespace: string) => ({ name: `web-${namespace}`, namespace, image: `r.test/${namespace}:1`, pods: 1 })
const clusters = {
  prod: failingPods(['payments', 'orders', 'secret'].map(web)),
  staging: failingPods(['payments', 'orders'].map(web)),
}
const scene = { channels, configuration, clusters }

const nameOf = (channel: string): string => (channel.startsWith('D') ? 'directmessage' : 'elsewhere')

/** What somebody is told who asks in a direct message with the bot. */
async function asks(user: string, text: string, channel = 'DWITHBOT'): Promise<string> {
  const it = slackListeners(scene)
  const command = {
    ...{ team_id: 'T1', channel_id: channel, channel_name: nameOf(channel), user_id: user, text },
    ...{ response_url: 'https://hooks.slack.com/commands/1', trigger_id: '1' },
  }
  expect(await commandImagepull(it.listeners, command)).toBeUndefined()
  expect(it.calls).toEqual([]) // Slack waits for the answer
  const id = it.jobs.find((job) => job.startsWith('request '))?.slice('request '.length) ?? ''
  await it.answer(id, new AbortController().signal)
  const opened = it.jobs.filter((job) => job.startsWith('investigate')).length
  return opened > 0 ? 'opened' : it.told.map(({ message }) => JSON.stringify(message)).join()
}

describe('what a direct message may know', () => {
  const pairs = { member: [['prod'], ['payments'], ['staging'], ['*']], guest: [['staging'], ['*']] }

  test.each([
    ['a member: what public channels allow, each by itself', 'UMEMBER', pairs.member],
    ['somebody in a private channel: that too', 'UOTHER', [...pairs.member, ['prod'], ['secret']]],
    ['a guest: only channels that the guest is in', 'UGUEST', pairs.guest],
    ['somebody of another organisation: nothing', 'USTRANGER', []],
    ['somebody who has left: nothing', 'UGONE', []],
    ['a bot: nothing', 'UBOT', []],
  ])('%s', async (_who, user, known) => {
    const it = slackListeners(scene)
    const rights = await rightsInDirectMessage(it, user)
    expect(rights.flatMap((of) => [of.clusters, of.namespaces])).toEqual(known)
  })

  test.each([
    ['missing_scope', { outcome: 'refused', error: 'missing_scope', details: [] }],
    ['no answer', { outcome: 'unknown', error: 'HTTP 500' }],
  ] as const)('while Slack does not say who somebody is (%s), membership alone counts', async (_why, userOutcome) => {
    const it = slackListeners({ ...scene, userOutcome })
    const rights = await rightsInDirectMessage(it, 'UMEMBER')
    expect(rights.map(({ clusters: of }) => of)).toEqual([['prod']])
  })

  test('where Slack does not tell about a channel, it is asked again later: that is no "no"', async () => {
    const it = slackListeners(scene)
    const limited = async () => ({ outcome: 'limited', ms: 700 }) as const
    const slack = { ...it.slack, channel: limited }
    await expect(rightsInDirectMessage({ ...it, slack }, 'UMEMBER')).rejects.toThrow(Later)
  })

  test('a cluster of one channel and a namespace of another make no pair', async () => {
    expect(await asks('UMEMBER', '@prod orders/web-orders')).toContain('is not enabled in this channel')
    expect(await asks('UMEMBER', '@staging orders/web-orders')).toBe('opened')
    expect(await asks('UMEMBER', '@prod payments/web-payments')).toBe('opened')
  })

  test('of a name that stands in several clusters, only the pairs count that may be known', async () => {
    expect(await asks('UMEMBER', 'web-orders')).toBe('opened') // in staging, and not in prod
    const hidden = await asks('UMEMBER', 'web-secret')
    expect(hidden).toContain('I found nothing with that name that I may show in this channel')
    expect(hidden).not.toMatch(/"secret"|prod/)
  })

  test('the list of what cannot pull shows each cluster as its channels allow', async () => {
    const list = await asks('UMEMBER', '')
    expect(list).toMatch(/prod/)
    expect(list).toContain('payments:1')
    expect(list).not.toContain('secret:1')
    expect(list.match(/orders:1/g)).toHaveLength(1) // of staging
  })

  test('a guest is not even told the names of channels that the guest is not in', async () => {
    const answer = await asks('UGUEST', 'web', 'C0ELSEWHERE000')
    expect(answer).toContain('C0STAGING000')
    expect(answer).not.toMatch(/C0PAYMENTS000|C0SECRET000/)
    expect(await asks('USTRANGER', '')).toContain("People from other organisations can read here, but can't ask me")
  })
})

describe('a verdict for one person', () => {
  test.each([
    ['a member', 'UMEMBER', ['C0PAYMENTS000', 'C0STAGING000']],
    ['a guest', 'UGUEST', ['C0STAGING000']],
    ['somebody in a private channel', 'UOTHER', ['C0PAYMENTS000', 'C0STAGING000', 'C0SECRET000']],
  ])('offers %s the channels that they may read', async (_who, user, own) => {
    const answer = await asks(user, '@staging orders/web-orders', 'DBETWEEN')
    expect(Object.keys(channels).filter((id) => answer.includes(` ${id}`))).toEqual(own)
  })

  test.each([
    ['a private channel that they are not in', 'UMEMBER', 'C0SECRET000'],
    ['a channel that a guest is not in', 'UGUEST', 'C0PAYMENTS000'],
    ['a channel in which nothing may be asked', 'UMEMBER', 'C0ALERTS000'],
  ])('is not posted to %s', async (_what, user, channel) => {
    const it = slackListeners(scene)
    const command = {
      ...{ team_id: 'T1', channel_id: 'DBETWEEN', channel_name: 'directmessage', user_id: user, text: 'web' },
      ...{ response_url: 'https://hooks.slack.com/commands/1', trigger_id: '1' },
    }
    await commandImagepull(it.listeners, command)
    const [job = ''] = it.jobs.splice(0)
    const id = job.slice('request '.length)
    const answer = await postTo(it.listeners, { value: `${id} ${channel}`, user, event: 'e1' })
    expect(JSON.stringify(answer)).toContain("I'm not enabled in this channel")
    expect(JSON.stringify(answer)).not.toContain(channel)
    const stolen = await postTo(it.listeners, { value: `${id} C0STAGING000`, user: 'USOMEBODY', event: 'e2' })
    expect(JSON.stringify(stolen)).toContain('This button is old')
    expect(it.jobs).toEqual([])
    await postTo(it.listeners, { value: `${id} C0STAGING000`, user, event: 'e3' })
    expect(it.jobs).toHaveLength(1)
  })
})
