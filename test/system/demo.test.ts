import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, startDemo } from '../../src/demo/start.ts'
import { demoWorkspace } from '../../src/demo/workspace.ts'
import { validateHouseRules } from '../../src/simulator/slack/validation/validate.ts'
import { visit, whyNoBrowser } from '../support/browser.ts'
import { until } from '../support/running-app.ts'

const { viewer, incidents } = demoWorkspace

if (whyNoBrowser && process.env.REQUIRE_ALL) throw new Error(whyNoBrowser)
if (whyNoBrowser) console.log(`skipped: ${whyNoBrowser}`)

describe('the demo', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await startDemo({ port: 0, logLevel: 'silent', timing: { reconcile: 2_000, stable: 5_000 } })
  })
  afterAll(() => demo[Symbol.asyncDispose](), 30_000)

  const says = (form: RegExp): boolean =>
    demo.slack.messages(incidents).some((it) => form.test(demo.slack.plainText(it)))

  const roots = (): number => demo.slack.messages(incidents).filter(({ threadTs }) => !threadTs).length

  test('knows nobody outside of this machine, and nothing that Slack would refuse', async () => {
    await demo.slack.command({ user: viewer, channel: incidents, command: '/imagepull', text: 'shop/checkout' })
    await until('a verdict with near tags', () => says(/Tag missing[\s\S]*Nearest: 2\.4\.1/))
    for (const { text } of demo.slack.messages(incidents)) expect(validateHouseRules({ text })).toEqual([])
  })

  test.each<[string, RegExp]>([
    ['cortex-chat/cortex-chat-backend-simple', /Image never built[\s\S]*proven/],
    ['cortex-chat/cortex-chat-frontend', /TLS handshake[\s\S]*proven/],
    ['cortex-chat/job/moe-router-build-2', /Build failed[\s\S]*timed? ?out/i],
  ])("the playbook's example %s", async (target, verdict) => {
    await demo.slack.command({ user: viewer, channel: incidents, command: '/imagepull', text: target })
    await until('its verdict', () => says(verdict), 30)
  })

  test('what is repaired is said to be fixed, by itself', async () => {
    await demo.slack.command({ user: viewer, channel: incidents, command: '/imagepull', text: 'payments/ledger' })
    await until('its verdict', () => says(/Pull secret/), 30)
    await demo.sample?.mend('secret-missing')
    await until('it heals', () => says(/🔵 RECOVERING · ledger|✅ FIXED · ledger/))
  })

  test('a build is run again by one click, to the end', async () => {
    await demo.slack.command({ user: viewer, channel: incidents, command: '/imagepull', text: 'shop/cart' })
    await until('its verdict', () => says(/Build failed[\s\S]*npm error[\s\S]*\[Rerun build\]/), 30)
    await demo.extras.find(({ id }) => id === 'build-failed')?.run()
    const actionId = 'imagepull:rerun-build'
    const message = demo.slack.messages(incidents).findLast((it) => JSON.stringify(it.blocks).includes(actionId))
    if (!message) throw new Error('no button')
    await demo.slack.press({ user: viewer, message, actionId, confirmed: true })
    await until('it is said to be fixed', () => says(/✅ FIXED · cart/))
    const said = await until('it is done', () => {
      const texts = demo.slack.messages(incidents).map((it) => demo.slack.plainText(it))
      return texts.find((it) => it.startsWith('✅ Rerun build'))
    })
    expect(said).toMatch(/✓ Image in the registry: sha256:[0-9a-f]{64}\n✓ Deleting the stuck pod: 1 pod /)
  })

  test('what had failed before is one post; three hundred alerts are three threads', async () => {
    expect(says(/15 image pulls already failing in prod-eu/)).toBe(true)
    const before = roots()
    await demo.extras.find(({ id }) => id === 'storm')?.run()
    await until('three more', () => roots() >= before + 3)
    await until('the registry of 200 pods is one of them', () => says(/1[45] DOWN · registry 10\.43\.201\.9:5000/))
    expect(roots()).toBe(before + 3)
  })

  test.skipIf(whyNoBrowser)('a stranger in a browser: asks, sees it come, opens the evidence, asks again', async () => {
    await using there = await visit(demo.url, { viewport: { width: 1440, height: 900 } })
    const { page } = there
    const thread = page.locator('.thread-pane')
    await page.getByText('Digest gone', { exact: true }).first().click()
    await thread.getByText('Why:').waitFor({ timeout: 60_000 })
    await thread.getByRole('button', { name: /Evidence/ }).click()
    await thread
      .getByText(/proven; (?:HEAD|GET) http/)
      .first()
      .waitFor()
    await page.waitForTimeout(1_500) // an edit comes no sooner after the one before
    await thread.getByRole('button', { name: 'Check again', exact: true }).click()
    await thread.getByText(/Check again · @maya/).waitFor()
    await thread.getByRole('button', { name: 'Check again', exact: true }).waitFor({ timeout: 60_000 })
    expect(there.complaints).toEqual([])
    expect(there.requests.filter((url) => !url.startsWith(demo.url))).toEqual([])
  })
})
