import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { startDemoPage } from '../../src/demo/page/server.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { type Visit, visit } from './browser.ts'
import { type ScriptedApp, scriptedApp } from './scripted-app.ts'
import { slackWorkspace } from './slack-workspace.ts'

export interface ShownDemo extends AsyncDisposable {
  readonly slack: LocalSlack
  readonly app: ScriptedApp
  /** How often the button of the demo was pressed. */
  readonly mended: number
  /** Visits a path, and finds afterwards that the page was quiet, alone and as wide as its window. */
  on(options: BrowserContextOptions, path: string, act: (page: Page) => Promise<void>): Promise<void>
}

/** The command that the demo suggests. */
export const suggested = '/imagepull cortex-chat-backend-simple-5d9cf86b95-26kvf'

/** A local Slack with the scripted app, as its page shows it to Maya. */
export async function shownDemo(): Promise<ShownDemo> {
  const slack = await startLocalSlack({ seed: slackWorkspace.seed, limits: 'none' })
  const app = await scriptedApp(slack)
  let mended = 0
  const demo = await startDemoPage({
    slack,
    port: 0,
    viewer: slackWorkspace.maya,
    suggestions: [{ label: 'Never built', text: suggested, description: 'Nobody built it.' }],
    extras: [
      { id: 'mend', label: 'Mend the mirror', description: 'Builds work again.', run: async () => (mended += 1) },
    ],
  })
  return {
    slack,
    app,
    get mended() {
      return mended
    },
    async on(options, path, act) {
      await using there: Visit = await visit(`${demo.url}${path}`, options)
      await act(there.page)
      await expectNarrow(there.page)
      expect(there.complaints).toEqual([])
      expect(there.requests.filter((url) => !url.startsWith(demo.url))).toEqual([])
    },
    async [Symbol.asyncDispose]() {
      await demo.stop()
      await app[Symbol.asyncDispose]()
      await slack.stop()
    },
  }
}

/** Nothing is wider than the window. */
export async function expectNarrow(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
}
