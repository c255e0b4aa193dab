import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { temporaryFolder } from '../support/temporary-folder.ts'

const missing =
  spawnSync('promtool', ['--version']).status === 0
    ? undefined
    : 'no promtool on the PATH: apt-get install -y --no-install-recommends prometheus'
if (missing && process.env.REQUIRE_ALL) throw new Error(missing)
if (missing) console.log(`skipped: ${missing}`)

const groups: unknown = parse(readFileSync(new URL('../../deploy/chart/files/alerts.yaml', import.meta.url), 'utf8'))

/** One sample each minute of a healthy process, or of one with the given series instead. */
function world(instead: Readonly<Record<string, string>> = {}): readonly object[] {
  const healthy = {
    'imagepull_alerts_total{instance="a"}': '0x60',
    'imagepull_open_incidents{instance="a"}': '2x60',
    'imagepull_queue_jobs{instance="a",state="waiting"}': '3x60',
    'imagepull_jobs_total{instance="a",outcome="done",exported_job="look"}': '0+1x60',
    'imagepull_slack_calls_total{instance="a",method="chat.update",outcome="done"}': '0+1x60',
    'imagepull_webhooks_total{instance="a",outcome="taken"}': '0+1x60',
    'kubelet_volume_stats_available_bytes{namespace="imagepull",persistentvolumeclaim="imagepull-data"}': '500x60',
    'kubelet_volume_stats_capacity_bytes{namespace="imagepull",persistentvolumeclaim="imagepull-data"}': '1000x60',
  }
  return Object.entries({ ...healthy, ...instead })
    .filter(([, values]) => values !== '')
    .map(([series, values]) => ({ series, values }))
}

/** Whether the alert fires after so many minutes, by promtool. */
function fires(alert: string, minutes: number, input_series: readonly object[]): boolean {
  using folder = temporaryFolder()
  const rules = join(folder.path, 'rules.yaml')
  writeFileSync(rules, stringify({ groups }))
  const file = join(folder.path, 'test.yaml')
  const alert_rule_test = [{ eval_time: `${minutes}m`, alertname: alert, exp_alerts: [] }]
  writeFileSync(
    file,
    stringify({
      rule_files: [rules],
      evaluation_interval: '1m',
      tests: [{ interval: '1m', input_series, alert_rule_test }],
    }),
  )
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })
  if (status !== 0 && !/exp:\s*\[\s*\]/.test(stdout + stderr)) throw new Error(stdout + stderr)
  return status !== 0
}

const alerts = [...JSON.stringify(groups).matchAll(/"alert":"(Imagepull\w+)"/g)].map(([, name = '']) => name)

/** For each alert: the series that make it fire. An empty text: the series is not there. */
const ill: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ImagepullDown: {
    'imagepull_alerts_total{instance="a"}': '0x10 _x50',
    'imagepull_open_incidents{instance="a"}': '',
  },
  ImagepullStoreUnavailable: { 'imagepull_open_incidents{instance="a"}': '2x10 _x50' },
  ImagepullStoreFull: {
    'kubelet_volume_stats_available_bytes{namespace="imagepull",persistentvolumeclaim="imagepull-data"}': '50x60',
  },
  ImagepullQueueStuck: { 'imagepull_jobs_total{instance="a",outcome="done",exported_job="look"}': '7x60' },
  ImagepullJobsFail: { 'imagepull_jobs_total{instance="a",outcome="failed",exported_job="look"}': '_x28 1x32' },
  ImagepullSlackRefuses: {
    'imagepull_slack_calls_total{instance="a",method="chat.update",outcome="refused"}': '0+1x60',
  },
  ImagepullDefect: { 'imagepull_defects_total{instance="a",id="tag-missing"}': '_x28 1x32' },
  ImagepullRecordsUnreadable: { 'imagepull_unreadable_records_total{instance="a",kind="incident"}': '_x28 1x32' },
  ImagepullWebhookRefused: { 'imagepull_webhooks_total{instance="a",outcome="unauthorised"}': '0+1x60' },
}

describe.skipIf(missing)('alerts about imagepull itself', () => {
  test('each of them is tried', () => {
    expect(Object.keys(ill).toSorted()).toEqual(alerts.toSorted())
  })

  test.each(alerts)('%s fires when it should, and not for a healthy process', (alert) => {
    expect(fires(alert, 30, world(ill[alert]))).toBe(true)
    expect(fires(alert, 30, world())).toBe(false)
  })
})
