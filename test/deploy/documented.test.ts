import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { chart, helm, leastValues, render, whyNoHelm } from '../support/helm.ts'

if (whyNoHelm && process.env.REQUIRE_ALL) throw new Error(whyNoHelm)
if (whyNoHelm) console.log(`skipped: ${whyNoHelm}`)

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
}

function blocks(markdown: string, language: string): readonly string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  )
}

const readme = read('README.md')
const guide = read('deploy/install.md')

/** The arguments of the only `helm install` of the README, without quotes. */
function documentedInstall(): readonly string[] {
  const commands = blocks(readme, 'sh').join('\n').replaceAll('\\\n', ' ').split('\n')
  const [install = '', ...more] = commands.filter((line) => line.startsWith('helm install '))
  expect(more).toEqual([])
  return install.split(/\s+/).map((it) => it.replaceAll("'", ''))
}

describe.skipIf(whyNoHelm)('what the documentation says about the chart', () => {
  test('the command of the README makes everything that a first verdict needs', () => {
    const sets = documentedInstall().filter((it, index, all) => all[index - 1] === '--set' && it !== '')
    const all = ['template', 'imagepull', chart, '--kube-version', '1.33.0', ...sets.flatMap((it) => ['--set', it])]
    const { ok, stdout, stderr } = helm(all)
    expect(stderr).toBe('')
    expect(ok).toBe(true)
    expect(stdout).toContain('- id: C0123456789')
    expect(readme).toContain(`create secret generic ${/secret\.existing=(\S+)/.exec(sets.join(' '))?.[1]} `)
  })

  test('every values file of the guide is taken', () => {
    const schema = z.object({ properties: z.record(z.string(), z.unknown()) })
    const known = Object.keys(schema.parse(JSON.parse(read('deploy/chart/values.schema.json'))).properties)
    const examples = blocks(guide, 'yaml').map((text) => z.record(z.string(), z.unknown()).parse(parse(text)))
    const ofChart = examples.filter((it) => Object.keys(it).every((key) => known.includes(key)))
    expect(ofChart.length).toBeGreaterThan(3)
    // The others are the configuration file.
    for (const it of examples.filter((example) => !ofChart.includes(example))) expect(it).toHaveProperty('channels')
    for (const values of ofChart) expect(render({ ...leastValues, ...values }).length).toBeGreaterThan(5)
  })

  test('every value that the guide names exists', () => {
    const values: unknown = parse(read('deploy/chart/values.yaml'))
    const named = [
      ...guide.matchAll(
        /`((?:rbac|secret|redis|nodeProbe|networkPolicy|kubeconfig|podSecurityContext)[.\w-]*)(?:: \w+)?`/g,
      ),
    ]
    const missing = named.map(([, path = '']) => path).filter((path) => valueAt(values, path.split('.')) === undefined)
    expect(named.length).toBeGreaterThan(10)
    expect(missing).toEqual([])
  })

  test('every alert about imagepull is explained', () => {
    const alerts = [...read('deploy/chart/files/alerts.yaml').matchAll(/alert: (Imagepull\w+)/g)].map(
      ([, name]) => name,
    )
    const explained = [...guide.matchAll(/^\| (Imagepull\w+) \|/gm)].map(([, name]) => name)
    expect(explained.toSorted()).toEqual(alerts.toSorted())
  })
})

function valueAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value
  return typeof value === 'object' && value !== null
    ? valueAt(Object.entries(value).find(([it]) => it === key)?.[1], rest)
    : undefined
}
