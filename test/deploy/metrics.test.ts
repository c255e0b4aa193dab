import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { createMetrics } from '../../src/observability/metrics.ts'

function read(name: string): string {
  return readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8')
}

const rules = z
  .array(z.object({ rules: z.array(z.looseObject({ alert: z.string(), expr: z.string() })) }))
  .parse(parse(read('chart/files/alerts.yaml')))
const dashboard = z
  .object({
    panels: z.array(
      z.looseObject({
        title: z.string(),
        targets: z.array(z.looseObject({ expr: z.string(), legendFormat: z.string() })).default([]),
        gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      }),
    ),
  })
  .parse(JSON.parse(read('dashboard.json')))

const expressions: readonly (readonly [string, string])[] = [
  ...rules.flatMap((group) => group.rules.map(({ alert, expr }) => [alert, expr] as const)),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
]

/** Labels that Prometheus and the kubelet add. */
const labelsOfScrape = ['namespace', 'pod', 'instance', 'le', 'persistentvolumeclaim']
/** Metrics of kube-state-metrics and the kubelet. */
const foreign =
  /^(?:kube_pod_(?:init_)?container_status_waiting_reason|kubelet_volume_stats_(?:available|capacity)_bytes)$/

/** Every metric that imagepull serves, with its labels, after each was counted once. */
async function served(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const metrics = createMetrics()
  metrics.observe({ jobs: async () => ({ waiting: 1 }), openIncidents: async () => 1 })
  metrics.checked('tag-missing', 'proven', 1)
  metrics.webhook('taken', 1)
  metrics.turnedAway('Rule')
  metrics.job('look', 'done')
  metrics.slackCall('chat.update', 'done')
  metrics.acted('mute', 'done')
  metrics.defect('tag-missing')
  metrics.unreadable('incident')
  const found = new Map<string, Set<string>>()
  for (const [, name = '', labels = ''] of (await metrics.text()).matchAll(/^([a-z]\w*)(?:\{(.*)\})? /gm)) {
    const known = found.get(name) ?? new Set()
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label)
    found.set(name, known)
  }
  return found
}

function metricsIn(expression: string): readonly string[] {
  const words = expression.replaceAll(/"[^"]*"|\{[^{}]*\}|\b(?:by|on|without) *\([^)]*\)/g, ' ')
  return [...words.matchAll(/\b[a-z]+(?:_[a-z0-9]+)+\b/g)].map(([name]) => name).filter((it) => !functions.has(it))
}

const functions: ReadonlySet<string> = new Set(['max_over_time', 'min_over_time', 'histogram_quantile'])

function labelsIn(expression: string): readonly string[] {
  const selected = [...expression.matchAll(/(\w+) *(?:=~|!~|!=|=) *"/g)].map(([, label = '']) => label)
  const grouped = [...expression.matchAll(/\b(?:by|on) *\(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/[, ]+/))
  return [...selected, ...grouped].filter(Boolean)
}

describe('alerts and dashboard ask for what is there', () => {
  test.each(expressions)('%s: %s', async (_title, expression) => {
    const known = await served()
    const names = metricsIn(expression)
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((it) => !known.has(it) && !foreign.test(it))).toEqual([])
    if (names.some((it) => foreign.test(it))) return
    const labels = new Set([...labelsOfScrape, ...names.flatMap((it) => [...(known.get(it) ?? [])])])
    expect(labelsIn(expression).filter((it) => !labels.has(it))).toEqual([])
  })

  test('a legend names only labels by which the panel groups, or those of the scrape', () => {
    for (const { targets } of dashboard.panels)
      for (const { expr, legendFormat } of targets) {
        const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)
        expect(named.filter((it) => !labelsIn(expr).includes(it) && !labelsOfScrape.includes(it))).toEqual([])
      }
  })

  test('every metric of imagepull is on the dashboard', async () => {
    const shown = new Set(dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr))))
    const own = [...(await served()).keys()].filter((it) => it.startsWith('imagepull_'))
    expect(own.filter((it) => !shown.has(it) && !/_(?:sum|count)$/.test(it))).toEqual([])
  })

  test('no panel covers another one', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
  })
})
