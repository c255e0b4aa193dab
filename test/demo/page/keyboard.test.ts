import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { whyNoBrowser } from '../../support/browser.ts'
import { type ShownDemo, shownDemo, suggested } from '../../support/shown-demo.ts'

if (whyNoBrowser && process.env.REQUIRE_ALL) throw new Error(whyNoBrowser)
if (whyNoBrowser) console.log(`skipped: ${whyNoBrowser}`)

const desktop = { viewport: { width: 1440, height: 900 } }
const thread = (page: Page) => page.locator('.thread-pane')

let demo: ShownDemo
beforeEach(async () => {
  demo = await shownDemo()
})
afterEach(() => demo[Symbol.asyncDispose]())

describe.skipIf(whyNoBrowser)('the keyboard alone', () => {
  test('leads through everything: ask, unfold, fill in a modal, confirm, go back, darken', () =>
    demo.on(desktop, '/', async (page) => {
      await tabTo(page, '.channel-pane textarea')
      await page.keyboard.type(suggested)
      await page.keyboard.press('Enter')
      await thread(page).getByText('Image never built.').waitFor()
      await tabTo(page, '.thread-pane .container-head')
      await page.keyboard.press('Enter')
      await thread(page).getByRole('table').waitFor()
      await page.keyboard.press('Enter')
      await thread(page).getByRole('table').waitFor({ state: 'detached' })
      await wrongByKeys(page)
      await rerunByKeys(page)
      await page.keyboard.press('Escape')
      await thread(page).waitFor({ state: 'detached' })
      await expect.poll(() => focused(page, '.reply-count')).toBe(true)
      await tabTo(page, '[name=theme]')
      await page.keyboard.press('ArrowLeft')
      await page.locator('[data-theme=dark]').waitFor({ state: 'attached' })
      expect(demo.app.heard).toEqual(['imagepull:more wrong', 'wrong: I saw the tag there', 'imagepull:rerun'])
    }))
})

function focused(page: Page, selector: string): Promise<boolean> {
  return page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)
}

/** Presses Tab until something has the keyboard. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await focused(page, selector)) return
    await page.keyboard.press('Tab')
  }
  expect.unreachable(`Tab does not lead to ${selector}`)
}

async function wrongByKeys(page: Page): Promise<void> {
  await tabTo(page, '.thread-pane .button-more')
  for (const key of ['Enter', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
  await page.getByRole('dialog').waitFor()
  await tabTo(page, '.modal .button-select')
  for (const key of ['Enter', 'Enter']) await page.keyboard.press(key)
  await tabTo(page, '.modal textarea')
  await page.keyboard.type('I saw the tag there')
  await tabTo(page, '.modal .button-primary')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await focused(page, '.thread-pane .button-more')).toBe(true)
}

async function rerunByKeys(page: Page): Promise<void> {
  await tabTo(page, '.thread-pane .button-primary')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await focused(page, '.thread-pane .button-primary')).toBe(true)
  for (const key of ['Enter', 'Tab', 'Enter']) await page.keyboard.press(key)
  await thread(page).getByText('Fixed and verified.').waitFor()
  // The button is gone, and the keyboard is in the message that it was in.
  expect(await focused(page, '.thread-pane .message')).toBe(true)
}
