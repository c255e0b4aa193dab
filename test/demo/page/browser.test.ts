import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { whyNoBrowser } from '../../support/browser.ts'
import { hostileBlocks } from '../../support/hostile-blocks.ts'
import { expectNarrow, type ShownDemo, shownDemo, suggested } from '../../support/shown-demo.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

if (whyNoBrowser && process.env.REQUIRE_ALL) throw new Error(whyNoBrowser)
if (whyNoBrowser) console.log(`skipped: ${whyNoBrowser}`)

const { tom, incidents } = slackWorkspace
const desktop = { viewport: { width: 1440, height: 900 } }
const phone = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true }
const thread = (page: Page) => page.locator('.thread-pane')
const named = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

let demo: ShownDemo
beforeEach(async () => {
  demo = await shownDemo()
})
afterEach(() => demo[Symbol.asyncDispose]())

describe.skipIf(whyNoBrowser)('the page in a browser', () => {
  test('with the pointer, where there is room', () =>
    demo.on(desktop, '/', async (page) => {
      await page.getByLabel('Message #incidents').fill(suggested)
      await page.keyboard.press('Enter')
      await thread(page).getByText('Image never built.').waitFor()
      await thread(page).getByText('Checked 14 things').waitFor()
      const evidence = page.getByRole('button', { name: /Evidence 9/ })
      await evidence.click()
      await thread(page).getByRole('table').waitFor()
      await evidence.click()
      await thread(page).getByRole('table').waitFor({ state: 'detached' })
      await tellWrong(page)
      await rerun(page)
      await page.locator('label[title=Dark]').click()
      expect(await page.evaluate('getComputedStyle(document.querySelector(".pane")).backgroundColor')).toBe(
        'rgb(26, 28, 32)',
      )
      await page.reload()
      await page.locator('[data-theme=dark] .channel-pane').waitFor()
      expect(demo.app.heard).toEqual(['imagepull:more wrong', 'wrong: I saw the tag there', 'imagepull:rerun'])
    }))

  test('on a phone, one thing at a time', () =>
    demo.on(phone, '/', async (page) => {
      await page.getByRole('group', { name: 'What to try' }).getByText('Never built').click()
      await thread(page).getByText('Image never built.').waitFor()
      await expectNarrow(page)
      expect(await page.locator('.channel-pane').isVisible()).toBe(false)
      await page.getByRole('button', { name: /Evidence 9/ }).click()
      await expectNarrow(page)
      await tellWrong(page)
      await rerun(page)
      await named(page, 'Back to the channel').click()
      await page.getByRole('button', { name: /3 replies/ }).waitFor()
      await expectNarrow(page)
      await named(page, 'Channels').click()
      await page.getByRole('navigation').getByText('general').click()
      await page.getByRole('heading', { name: '#general' }).waitFor()
      await named(page, 'Guide').click()
      await page.getByText('Mend the mirror').click()
      await expect.poll(() => demo.mended).toBe(1)
      await page.locator('.extra.is-done').waitFor()
      await expectNarrow(page)
    }))

  test('a dialog on another one, which still has what was typed', () =>
    demo.on(desktop, '/', async (page) => {
      await page.getByLabel('Message #incidents').fill(suggested)
      await page.keyboard.press('Enter')
      await thread(page).getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: 'Verdict is wrong' }).click()
      const first = page.getByRole('dialog', { name: 'Verdict is wrong', includeHidden: true })
      const second = page.getByRole('dialog', { name: 'Something else' })
      await first.getByRole('button', { name: /What is it instead/ }).click()
      await page.getByRole('menuitem', { name: 'Something else' }).click()
      await first.getByLabel('How do you know?').fill('I saw the tag there')
      await first.getByRole('button', { name: 'Send' }).click()
      await second.getByText('This goes to the people').waitFor()
      await page.keyboard.press('Escape')
      await second.waitFor({ state: 'detached' })
      expect(await first.getByLabel('How do you know?').inputValue()).toBe('I saw the tag there')
      await first.getByRole('button', { name: 'Send' }).click()
      await second.getByRole('button', { name: 'Send' }).click()
      await first.waitFor({ state: 'detached' })
      await second.waitFor({ state: 'detached' })
      expect(demo.app.heard.at(-1)).toBe('else')
    }))

  test('what is untrusted stays text', () =>
    demo.on(desktop, '/', async (page) => {
      page.on('dialog', (dialog) => expect.unreachable(dialog.message()))
      const body = JSON.stringify({ channel: incidents, text: 'hostile', blocks: hostileBlocks })
      const headers = { authorization: `Bearer ${demo.slack.botToken}`, 'content-type': 'application/json' }
      const posted = await fetch(`${demo.slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body })
      expect(await posted.json()).toMatchObject({ ok: true })
      await page.getByText('the end').waitFor()
      const message = page.locator('.message-body').last()
      expect(await message.locator('img, script, iframe, object, style, form, [onerror], [style]').count()).toBe(0)
      expect(await message.textContent()).toContain('<img src=x onerror=alert(1)>')
      const links = await message
        .locator('a')
        .evaluateAll((all) => all.map((it) => [it.textContent, it.getAttribute('rel')]))
      expect(links).toEqual([
        ['https://bank.example (evil.example)', 'noopener noreferrer'],
        ['https://bank.example/?https://evil.example (evil.example)', 'noopener noreferrer'],
        ['evil.example/fix', 'noopener noreferrer'],
        ['"><script>alert(1)</script> (evil.example)', 'noopener noreferrer'],
      ])
    }))

  test('a link to a message opens its thread, and other channels say what is new', async () => {
    const { message: root } = await demo.slack.post({ user: tom, channel: incidents, text: 'a root' })
    const { message } = await demo.slack.post({ user: tom, channel: incidents, text: 'a reply', thread: root.ts })
    const path = `/archives/${incidents}/p${message.ts.replace('.', '')}?thread_ts=${root.ts}&cid=${incidents}`
    await demo.on(desktop, path, async (page) => {
      await thread(page).locator('.marked').getByText('a reply').waitFor()
      await page.getByRole('navigation').getByText('general').click()
      await thread(page).waitFor({ state: 'detached' })
      await demo.slack.post({ user: tom, channel: incidents, text: 'something new' })
      await page.getByRole('navigation').locator('.unread').getByText('incidents').click()
      await page.locator('.message').getByText('something new').waitFor()
      expect(await page.locator('.sidebar .unread').count()).toBe(0)
      await page.goBack()
      await page.getByRole('heading', { name: '#general' }).waitFor()
    })
  })

  test('a choice in what only they see leads to a thread too', () =>
    demo.on(desktop, '/', async (page) => {
      await page.getByLabel('Message #incidents').fill('/imagepull unknown')
      await page.keyboard.press('Enter')
      await page.locator('.only-you').getByText('Only visible to you').waitFor()
      await named(page, 'payments-api-7c9d4-x2k9d').click()
      await thread(page).getByText('Image never built.').waitFor()
    }))

  test('a command in a thread is refused kindly, and a mention goes there', async () => {
    const { message: root } = await demo.slack.post({ user: tom, channel: incidents, text: 'a root' })
    await demo.on(desktop, `/archives/${incidents}/p${root.ts.replace('.', '')}`, async (page) => {
      await page.getByLabel('Reply…').fill('/imagepull my-app')
      await page.keyboard.press('Enter')
      await page.getByText('Slack has no commands in threads').waitFor()
      await named(page, 'Write “@imagepull my-app”').click()
      await named(page, 'Send').last().click()
      await thread(page).getByText('Checked again: nothing changed.').waitFor()
    })
  })
})

/** Says that the verdict is wrong, at first with too few words. */
async function tellWrong(page: Page): Promise<void> {
  await thread(page).getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Verdict is wrong' }).click()
  const modal = page.getByRole('dialog')
  const send = modal.getByRole('button', { name: 'Send' })
  await send.click()
  await expect.poll(() => modal.getByText('Please fill this in.').count()).toBe(2)
  await modal.getByRole('button', { name: /What is it instead/ }).click()
  await page.getByRole('menuitem', { name: 'Tag missing' }).click()
  await modal.getByLabel('How do you know?').fill('I saw it')
  await send.click()
  await modal.getByText('A few more words, please.').waitFor()
  await modal.getByLabel('How do you know?').fill('I saw the tag there')
  await send.click()
  await modal.waitFor({ state: 'detached' })
}

/** At first without saying yes. */
async function rerun(page: Page): Promise<void> {
  const question = page.getByRole('dialog', { name: 'Rerun this build?' })
  await thread(page).getByRole('button', { name: 'Rerun build' }).click()
  await question.getByRole('button', { name: 'Not now' }).click()
  await question.waitFor({ state: 'detached' })
  await thread(page).getByRole('button', { name: 'Rerun build' }).click()
  await question.getByRole('button', { name: 'Rerun build' }).click()
  await thread(page).getByText('Fixed and verified.').waitFor()
  await thread(page).getByText('FIXED · cortex-chat-backend-simple').waitFor()
}
