import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { freePort } from './free-port.ts'
import { kill } from './kill.ts'
import { temporaryFolder } from './temporary-folder.ts'

const program = 'prometheus-alertmanager'

/** Why there is no Alertmanager here; undefined: there is one. */
export const whyNoAlertmanager: string | undefined =
  spawnSync(program, ['--version']).status === 0
    ? undefined
    : `no ${program} on the PATH: apt-get install -y --no-install-recommends prometheus-alertmanager`

export interface TestAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly startsAt?: string
  /** In the past: it is resolved. */
  readonly endsAt?: string
}

export interface Alertmanager extends AsyncDisposable {
  readonly url: string
  /** As Prometheus sends them, again and again while they fire. */
  alert(...alerts: readonly TestAlert[]): Promise<void>
}

/** A real Alertmanager of its own, on loopback, that sends soon; gone with its `await using`. */
export async function alertmanager(receiver: object, route: object = {}): Promise<Alertmanager> {
  const folder = temporaryFolder()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = join(folder.path, 'alertmanager.yml')
  const timing = { group_wait: '100ms', group_interval: '1s', repeat_interval: '4h' }
  writeFileSync(
    config,
    stringify({
      route: { receiver: 'bot', group_by: ['alertname', 'namespace'], ...timing, ...route },
      receivers: [{ name: 'bot', ...receiver }],
    }),
  )
  const place = [`--config.file=${config}`, `--storage.path=${folder.path}`, `--web.listen-address=127.0.0.1:${port}`]
  const child: ChildProcess = spawn(program, [...place, '--cluster.listen-address=', '--log.level=warn'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await untilItAnswers(url)
  return {
    url,
    async alert(...alerts) {
      const response = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      })
      if (!response.ok) throw new Error(`Alertmanager refuses the alerts: ${await response.text()}`)
    },
    async [Symbol.asyncDispose]() {
      await kill(child)
      folder[Symbol.dispose]()
    },
  }
}

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(50)
  }
  throw new Error('Alertmanager did not start')
}
