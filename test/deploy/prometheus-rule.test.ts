import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { configurationSchema } from '../../src/config/configuration.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const missing = ['promtool', 'amtool'].filter((program) => spawnSync(program, ['--version']).status !== 0)
const why = `no ${missing.join(' and ')} on the PATH: apt-get install -y --no-install-recommends prometheus prometheus-alertmanager`
if (missing.length > 0 && process.env.REQUIRE_ALL) throw new Error(why)
if (missing.length > 0) console.log(`skipped: ${why}`)

const rule = z.object({ spec: z.object({ groups: z.array(z.unknown()) }) })
const read = (name: string): unknown => parse(readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8'))

function run(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return status === 0 ? '' : stdout + stderr
}

const init = 'kube_pod_init_container_status_waiting_reason'
const own = 'kube_pod_container_status_waiting_reason'
const series = (metric: string, pod: string, reason: string): string =>
  `${metric}{namespace="shop", pod="${pod}", container="app", reason="${reason}", cluster="prod-eu"}`

describe.skipIf(missing.length > 0)('what Prometheus and Alertmanager are told', () => {
  test('the rule fires for what cannot pull, init containers too, and keeps its identity while the reason changes', () => {
    using folder = temporaryFolder()
    const rules = join(folder.path, 'rules.yaml')
    writeFileSync(rules, stringify({ groups: rule.parse(read('prometheus-rule.yaml')).spec.groups }))
    const alert = (pod: string) => ({
      exp_labels: { severity: 'warning', namespace: 'shop', pod, cluster: 'prod-eu' },
      exp_annotations: {
        summary: 'Pod cannot pull an image',
        description: `Pod shop/${pod} cannot pull an image.`,
      },
    })
    const tests = {
      rule_files: [rules],
      evaluation_interval: '30s',
      tests: [
        {
          interval: '30s',
          input_series: [
            { series: series(own, 'flaps', 'ErrImagePull'), values: '1 _ 1 _ 1 _ 1 _ 1 _ 1' },
            { series: series(own, 'flaps', 'ImagePullBackOff'), values: '_ 1 _ 1 _ 1 _ 1 _ 1 _' },
            { series: series(init, 'init', 'ImagePullBackOff'), values: '1x10' },
            { series: series(own, 'crashes', 'CrashLoopBackOff'), values: '1x10' },
            { series: series(own, 'heals', 'ErrImagePull'), values: '1 0x20' },
          ],
          alert_rule_test: [
            { eval_time: '30s', alertname: 'ImagePullFailing', exp_alerts: [] },
            { eval_time: '2m', alertname: 'ImagePullFailing', exp_alerts: ['flaps', 'heals', 'init'].map(alert) },
            { eval_time: '5m', alertname: 'ImagePullFailing', exp_alerts: ['flaps', 'init'].map(alert) },
          ],
        },
      ],
    }
    const file = join(folder.path, 'test.yaml')
    writeFileSync(file, stringify(tests))
    expect(run('promtool', 'check', 'rules', rules)).toBe('')
    expect(run('promtool', 'test', 'rules', file)).toBe('')
  })

  test('the rule is one of those whose alerts are read', () => {
    const { alerts } = configurationSchema.parse({})
    expect(alerts.names.filter((name) => JSON.stringify(read('prometheus-rule.yaml')).includes(name))).toHaveLength(1)
  })

  test('the example is what Alertmanager takes', () => {
    using folder = temporaryFolder()
    const { route, receivers } = z
      .object({ route: z.looseObject({}), receivers: z.array(z.unknown()) })
      .parse(read('alertmanager-example.yaml'))
    const file = join(folder.path, 'alertmanager.yml')
    writeFileSync(file, stringify({ route: { receiver: 'imagepull', ...route }, receivers }))
    expect(run('amtool', 'check-config', file)).toBe('')
  })
})
