import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const program = '/usr/bin/chromium'

/** Why there is no browser here; undefined: there is one. */
export const whyNoBrowser: string | undefined = existsSync(program)
  ? undefined
  : `no ${program}: apt-get install -y --no-install-recommends chromium fonts-noto-color-emoji`

export interface Visit extends AsyncDisposable {
  readonly page: Page
  /** What the console said as a warning or an error, and what was thrown. */
  readonly complaints: readonly string[]
  /** Every address that was asked for. */
  readonly requests: readonly string[]
}

const quiet = ['--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet]

/** A page in a real Chromium with a profile of its own, which is gone with its `await using`. */
export async function visit(url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    args,
    timezoneId: 'Europe/Stockholm',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  })
  context.setDefaultTimeout(15_000)
  const page = context.pages()[0] ?? (await context.newPage())
  const watched = watch(page)
  await page.goto(url)
  return { page, ...watched, [Symbol.asyncDispose]: () => gone(context, profile) }
}

function watch(page: Page): Pick<Visit, 'complaints' | 'requests'> {
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => requests.push(request.url()))
  return { complaints, requests }
}

async function gone(context: BrowserContext, profile: string): Promise<void> {
  await context.close()
  rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
}
