/**
 * Writes the pictures of README.md: a thread of the demo, in light and dark. `npm run pictures` runs it; it needs Chromium.
 */
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startDemo } from '../../src/demo/start.ts'
import { demoWorkspace } from '../../src/demo/workspace.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { visit, whyNoBrowser } from '../support/browser.ts'

const folder = resolve(import.meta.dirname, '../../deploy/pictures')
/** A build that failed: the thread shows evidence, a log line and a button. */
const target = 'shop/cart'
const channel = demoWorkspace.incidents
/** Wide enough that the thread stands beside its channel, and high enough that nothing of it is cut off. */
const viewport = { width: 1_200, height: 1_080 }

/** Resolves when the thread has its first replies. */
async function openThread(slack: LocalSlack): Promise<void> {
  await slack.command({ user: demoWorkspace.viewer, channel, command: '/imagepull', text: target })
  while (!slack.messages(channel).some(({ ts }) => slack.thread(channel, ts).length > 1)) await wait(100)
}

async function takePicture(url: string, colorScheme: 'light' | 'dark'): Promise<void> {
  await using visited = await visit(url, { viewport, colorScheme, deviceScaleFactor: 1.25 })
  await visited.page.getByRole('button', { name: /\d repl(?:y|ies)/ }).click()
  const pane = visited.page.locator('.thread-pane')
  await pane.getByRole('button', { name: 'Rerun build' }).waitFor({ timeout: 120_000 })
  await pane.locator('.plan-head').click() // folds the steps
  // Neither focus nor pointer: both show the tools of a message.
  await visited.page.evaluate('document.activeElement?.blur()')
  await visited.page.mouse.move(0, 0)
  const path = join(folder, `thread-${colorScheme}.png`)
  await pane.screenshot({ path, animations: 'disabled', caret: 'hide' })
  console.log(path)
}

if (whyNoBrowser) throw new Error(whyNoBrowser)
await using demo = await startDemo({ logLevel: 'error' })
await openThread(demo.slack)
await takePicture(demo.url, 'light')
await takePicture(demo.url, 'dark')
