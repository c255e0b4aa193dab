import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../../..')

beforeAll(() => run('npm', ['run', 'build'], { cwd: root }), 60_000)

/** Starts the page in a process of its own, and asks it for everything that it names. */
const visitAll = (folder: string, extension: string): string => `
  const { startLocalSlack } = await import('${folder}/slack/start-local-slack.${extension}')
  const { startDemoPage } = await import('${folder}/page/start-demo-page.${extension}')
  const slack = await startLocalSlack()
  const page = await startDemoPage({ slack, port: 0, viewer: 'U0NOBODY01', suggestions: [] })
  const html = await (await fetch(page.url)).text()
  const paths = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1])
  const answers = await Promise.all(paths.map(async (path) => {
    const response = await fetch(page.url + path)
    return { path, status: response.status, type: response.headers.get('content-type'), body: await response.text() }
  }))
  console.log(JSON.stringify(answers))
  await page.stop()
  await slack.stop()
`

interface Answer {
  readonly path: string
  readonly status: number
  readonly type: string
  readonly body: string
}

describe.each([
  ['a checkout', 'src/demo', 'ts'],
  ['the built package', 'dist/src/demo', 'js'],
])('the page of %s', (_, folder, extension) => {
  test('has every file that it names, and says nothing on the terminal', async () => {
    const script = visitAll(resolve(root, folder), extension)
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: root })
    const answers = JSON.parse(stdout) as readonly Answer[] // as printed above
    expect(stderr).toBe('')
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    const modules = answers.filter(({ path }) => path.startsWith('/client/') && !/\.(?:css|svg)$/.test(path))
    expect(modules.map(({ path }) => path)).toContain(`/client/main.${extension}`)
    expect(modules.filter(({ path, type }) => !path.endsWith(`.${extension}`) || !/javascript/.test(type))).toEqual([])
    expect(answers.filter(({ path }) => path.endsWith('.css')).length).toBeGreaterThan(5)
    const known = new Set(answers.map(({ path }) => path))
    expect(modules.flatMap(importsOf).filter((path) => !known.has(path))).toEqual([])
  })
})

/** What a module imports by path. */
function importsOf({ path, body }: Answer): readonly string[] {
  const found = body.matchAll(/\bfrom\s*'(\.[^']+)'/g)
  return [...found].map((match) => new URL(match[1] ?? '', `http://local${path}`).pathname)
}
