import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../../..')

/** Starts the page in a process of its own, and asks it for everything that it names. */
const visitAll = (folder: string): string => `
  const { startLocalSlack } = await import('${folder}/simulator/slack/start.ts')
  const { startDemoPage } = await import('${folder}/demo/page/server.ts')
  const slack = await startLocalSlack()
  const page = await startDemoPage({ slack, port: 0, viewer: 'U0NOBODY01', suggestions: [] })
  const html = await (await fetch(page.url)).text()
  const paths = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1])
  const answers = await Promise.all(paths.map(async (path) => {
    const response = await fetch(page.url + path)
    return { path, status: response.status, type: response.headers.get('content-type') }
  }))
  console.log(JSON.stringify(answers))
  await page.stop()
  await slack.stop()
`

interface Answer {
  readonly path: string
  readonly status: number
  readonly type: string
}

test('the page has every file that it names, and prints nothing on the terminal', async () => {
  const script = visitAll(resolve(root, 'src'))
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: root })
  const answers = JSON.parse(stdout) as readonly Answer[] // as printed above
  expect(stderr).toBe('')
  expect(answers.map(({ path, status, type }) => `${status} ${path} ${type.split(';')[0]}`)).toEqual([
    '200 /client/icon.svg image/svg+xml',
    '200 /client/styles.css text/css',
    '200 /client/main.js text/javascript',
  ])
})
