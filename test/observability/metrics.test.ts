import { expect, test } from 'vitest'
import { createMetrics } from '../../src/observability/metrics.ts'

const away = () => Promise.reject(new Error('away'))

/** Its samples of our own, as Prometheus reads them. */
async function samples(metrics: ReturnType<typeof createMetrics>): Promise<readonly string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith('imagepull_') && !line.includes('_bucket'))
}

test('everything that is counted', async () => {
  const metrics = createMetrics()
  metrics.observe({ jobs: async () => ({ waiting: 2, active: 1 }), openIncidents: async () => 3 })
  metrics.checked('tag-missing', 'proven', 1_500)
  metrics.webhook('kept', 4)
  metrics.webhook('unavailable', 0)
  metrics.job('look', 'done')
  metrics.job('look', 'done')
  metrics.slackCall('chat.postMessage', 'limited')
  metrics.acted('rerun-build', 'done')
  metrics.defect('events')
  expect(await samples(metrics)).toEqual(
    expect.arrayContaining([
      'imagepull_checks_total{cause="tag-missing",confidence="proven"} 1',
      'imagepull_check_seconds_sum 1.5',
      'imagepull_webhooks_total{outcome="kept"} 1',
      'imagepull_webhooks_total{outcome="unavailable"} 1',
      'imagepull_alerts_total 4',
      'imagepull_jobs_total{job="look",outcome="done"} 2',
      'imagepull_slack_calls_total{method="chat.postMessage",outcome="limited"} 1',
      'imagepull_actions_total{action="rerun-build",outcome="done"} 1',
      'imagepull_defects_total{id="events"} 1',
      'imagepull_queue_jobs{state="waiting"} 2',
      'imagepull_queue_jobs{state="active"} 1',
      'imagepull_open_incidents 3',
    ]),
  )
})

test('what cannot be had is absent, and comes back', async () => {
  let there = true
  const metrics = createMetrics()
  metrics.observe({
    jobs: () => (there ? Promise.resolve({ waiting: 2 }) : away()),
    openIncidents: () => (there ? Promise.resolve(3) : away()),
  })
  const asked = ['imagepull_queue_jobs{state="waiting"} 2', 'imagepull_open_incidents 3']
  expect(await samples(metrics)).toEqual(expect.arrayContaining(asked))
  there = false
  expect((await samples(metrics)).filter((line) => /queue_jobs|open_incidents/.test(line))).toEqual([])
  there = true
  expect(await samples(metrics)).toEqual(expect.arrayContaining(asked))
})
