import { describe, expect, test } from 'vitest'
import { deployment, newImage } from '../../src/demo/sample/manifests.ts'
import { type Acting, acting, quickTiming } from '../support/acting.ts'
import { actingCases } from '../support/acting-cases.ts'
import { registryHost } from '../support/acting-cluster.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { payloadOf, podNotReady } from '../support/alert-payload.ts'
import { untilIdle } from '../support/idle.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { until, webhookToken } from '../support/running-app.ts'
import { untilOffered } from '../support/until-offered.ts'
import { written } from '../support/written.ts'

const { maya, ben, incidents, configuration } = actionWorkspace
const { failedBuild } = actingCases

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const hour = 3_600_000
const often = { ...quickTiming, recheck: 500 }

/** In the menu beside the buttons, and the window that it opens. */
async function mute(talk: Acting, values: { readonly minutes: string; readonly of: string }, user: string = maya) {
  const { blocks } = await talk.hears(failedBuild.button)
  const [, value = ''] = /"value":"(mute [^"]+)"/.exec(JSON.stringify(blocks)) ?? []
  await talk.press('more', user, { value })
  const view = await until('a window asks first', () => talk.slack.views(user).at(-1))
  await talk.slack.submitView({ user, view, values })
}

/** Replies with findings: what somebody who follows the thread is told of. */
function findings(talk: Acting): number {
  return talk.own().filter((it) => /\nWhy:/.test(talk.slack.plainText(it))).length
}

function roots(talk: Acting): number {
  return talk.own().filter(({ ts, threadTs }) => !threadTs || threadTs === ts).length
}

async function alert({ port }: Acting, pod: string, startsAt: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${webhookToken}` },
    body: JSON.stringify(payloadOf([podNotReady(pod, { startsAt })])),
  })
  expect(response.status).toBe(200)
}

describe.skipIf(whyNoRedis).concurrent('while an incident is muted', () => {
  test('another verdict is no news; after that time it is again', async () => {
    let shift = 0
    await using talk = await acting({ redis: true, timing: often, now: () => new Date(Date.now() + shift) })
    const { cluster } = talk
    await untilOffered(talk, failedBuild)
    await mute(talk, { minutes: '60', of: 'incident' })
    await talk.hears(/⚪ MUTED · cart/)
    cluster.push('cart', 'latest')
    await talk.hears(/verdict: Fixed, waiting|changed: Fixed, waiting/)
    expect(findings(talk)).toBe(1)
    shift = hour + 60_000
    await talk.hears(/🔴 DOWN · cart/)
    const job = '/apis/batch/v1/namespaces/shop/jobs/cart-build?propagationPolicy=Background'
    await cluster.handle({ method: 'DELETE', path: job, headers: {}, body: '' })
    cluster.unpush('cart') // with the Job still there, "Build failed" would come first, and use up the last unasked reply
    await until('a reply of its own', () => findings(talk) === 2)
    expect(written(talk)).toEqual([])
  })

  test('who may not, cannot mute it', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    await mute(talk, { minutes: '60', of: 'workload' }, ben)
    await talk.told(ben, /^Mute in shop is for @platform-oncall/)
    await untilIdle(talk.url)
    expect(talk.says()).not.toContain('MUTED')
  })

  test('it still ends, and says so', async () => {
    await using talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    await mute(talk, { minutes: '240', of: 'incident' })
    await talk.hears(/⚪ MUTED · cart/)
    await talk.press('rerun-build')
    await talk.hears(/✅ FIXED/)
  })
})

describe.skipIf(whyNoRedis).concurrent('while a workload is muted', () => {
  test('its alerts begin nothing, those of others do; after that time its own do, too', async () => {
    let shift = 0
    const channels = [{ id: incidents, may: ['commands', 'alerts', 'actions'] }, ...configuration.channels.slice(1)]
    const own = { channels, incidents: { grace: '0s', join: '0s' } }
    await using talk = await acting({ redis: true, configuration: own, now: () => new Date(Date.now() + shift) })
    const { cluster } = talk
    await untilOffered(talk, failedBuild)
    await mute(talk, { minutes: '60', of: 'workload' })
    await talk.hears(/⚪ MUTED · cart/)
    await talk.press('rerun-build')
    await talk.hears(/✅ FIXED/)
    expect(roots(talk)).toBe(1)

    shift = hour / 6 // the cluster's clock is fast: for the program nothing is to be of the future
    await cluster.apply(newImage('shop', 'cart', `${registryHost}/cart:gone`))
    const pod = await cluster.until('another image is missing', () =>
      cluster
        .list('pods')
        .find(
          ({ spec, status }) =>
            spec.containers[0]?.image.endsWith(':gone') && /not found/.test(JSON.stringify(status.containerStatuses)),
        ),
    )
    await alert(talk, pod.metadata.name, new Date().toISOString())
    await cluster.apply(deployment({ namespace: 'shop', name: 'other', image: `${registryHost}/other:1` }))
    await cluster.untilMissing('other')
    const other = cluster.list('pods').find(({ metadata }) => metadata.labels.app === 'other')
    await alert(talk, other?.metadata.name ?? '', new Date().toISOString())
    await talk.hears(/DOWN · other/)
    await untilIdle(talk.url)
    expect(roots(talk)).toBe(2)
    expect(talk.says()).not.toContain('cart:gone')

    shift = hour + 60_000
    await alert(talk, pod.metadata.name, new Date().toISOString())
    await talk.hears(/cart:gone/)
    expect(roots(talk)).toBe(3)
  })
})
