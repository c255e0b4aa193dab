import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { busyCluster } from '../support/busy-cluster.ts'
import { canaries, leakyCluster } from '../support/leaky-cluster.ts'
import { runCommand } from '../support/run-command.ts'
import { planted, secretsIn } from '../support/secret-shapes.ts'
import { servedCluster } from '../support/served-cluster.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const target = 'shop/web-5d9cf86b95-26kvf'
/** No registry answers here: what is said about it is "could not look". */
const host = '127.0.0.1:9'

const verdict = z.object({
  cause: z.string(),
  confidence: z.enum(['proven', 'likely', 'possible']),
  summary: z.string(),
})
const answer = z.object({
  target: z.object({ namespace: z.string(), pod: z.string(), owner: z.string().nullable(), image: z.string() }),
  healthy: z.boolean(),
  verdict: verdict.nullable(),
  chain: z.array(z.object({ cause: z.string(), title: z.string() })),
  undetermined: z.array(z.object({ cause: z.string(), reason: z.string() })),
  observations: z.array(z.object({ check: z.string(), known: z.boolean(), ms: z.number() })),
  impact: z.object({ state: z.string() }).nullable(),
  note: z.string().nullable(),
  apiCalls: z.object({ kubernetes: z.number(), registry: z.number() }),
  ms: z.number(),
})
const failure = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    candidates: z.array(z.string()).optional(),
  }),
})

const everything = [...Object.values(canaries), ...planted.map(({ secret }) => secret)]
const found = (text: string): readonly string[] => secretsIn(text, everything)

describe('no secret of a pod, its events, its build and its log leaves by', () => {
  const exits: Record<string, string> = {}

  beforeAll(async () => {
    const { objects, api } = leakyCluster(host)
    await using served = await servedCluster(objects, api)
    using folder = temporaryFolder()
    const file = join(folder.path, 'facts.json')
    const live = ['diagnose', target, '--kubeconfig', served.kubeconfig, '--registry-access', 'none'] as const
    const json = await runCommand(...live, '-o', 'json', '--save-facts', file)
    const text = await runCommand(...live)
    const again = await runCommand('diagnose', target, '--from-facts', file, '-o', 'json')
    expect([json.code, text.code, again.code]).toEqual([0, 0, 0])
    const facts = await readFile(file, 'utf8')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    Object.assign(exits, {
      json: json.output,
      text: text.output,
      progress: json.errors + text.errors,
      facts,
      again: again.output,
    })
  })

  test.each(['json', 'text', 'facts', 'again'])('%s', (exit) => {
    const said = exits[exit] ?? ''
    expect(said.length).toBeGreaterThan(500)
    expect(said).toContain('web-build') // its build was read, and its log
    expect(found(said)).toEqual([])
  })

  test('what is shown while it runs', () => expect(found(exits.progress ?? '')).toEqual([]))

  test('the facts say the same again, and have what was hidden marked', () => {
    const [live, again] = [exits.json, exits.again].map((it) => answer.parse(JSON.parse(it ?? '')))
    expect(again?.verdict).toEqual(live?.verdict)
    expect(again?.verdict?.cause).toBe('build-failed')
    expect(again?.chain).toEqual(live?.chain)
    expect(again?.impact).toEqual(live?.impact)
    expect(exits.facts).toContain('NPM_TOKEN=[redacted]')
    expect(exits.facts).toMatch(/"image": "127\.0\.0\.1:9\/web:9\.9"/)
  })
})

describe('what it prints and how it ends', () => {
  const objects = busyCluster(host, ['web', 'api'])

  test('0: one object of JSON, or text to be read from the top', async () => {
    await using served = await servedCluster(objects)
    const live = ['diagnose', target, '--kubeconfig', served.kubeconfig, '--registry-access', 'none'] as const
    const json = await runCommand(...live, '-o', 'json')
    const told = answer.parse(JSON.parse(json.output))
    expect(told.target).toMatchObject({ namespace: 'shop', pod: 'web-5d9cf86b95-26kvf', owner: 'Deployment/web' })
    expect(told.verdict).toMatchObject({ cause: expect.stringMatching(/^[a-z-]+$/), confidence: 'likely' })
    expect(told.observations.find(({ check }) => check === 'manifest')).toMatchObject({ known: false })
    expect(told.undetermined.length).toBeGreaterThan(0)
    expect(told).toMatchObject({ healthy: false, impact: { state: 'down' }, apiCalls: { registry: 0 } })
    const text = await runCommand(...live)
    expect(text).toMatchObject({ code: 0, output: expect.stringContaining('shop/web-5d9cf86b95-26kvf') })
    for (const part of [
      /^✗ /,
      /\(likely, [a-z-]+\)/,
      /^Why$/m,
      /^Do now$/m,
      /^Impact {2}DOWN/m,
      /--registry-access none/,
    ])
      expect(text.output).toMatch(part)
  })

  test('2: no such facts, facts of another version, no such kubeconfig, an unknown option', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'facts.json')
    const none = await runCommand('diagnose', target, '--from-facts', file, '-o', 'json')
    expect(none.code).toBe(2)
    expect(failure.parse(JSON.parse(none.output)).error).toMatchObject({ code: 'unreadable' })
    for (const content of ['no json', '{}', '{"imagepull":99}']) {
      await writeFile(file, content)
      const other = await runCommand('diagnose', target, '--from-facts', file, '-o', 'json')
      expect(other.code).toBe(2)
      expect(failure.parse(JSON.parse(other.output)).error).toMatchObject({ code: 'invalid-facts' })
    }
    expect((await runCommand('diagnose', target, '--kubeconfig', join(folder.path, 'none'))).code).toBe(2)
    expect((await runCommand('diagnose', target, '--nonsense')).code).toBe(2)
  })

  test('3: nothing is called so, or several things are, which are listed', async () => {
    await using served = await servedCluster(objects)
    const at = ['--kubeconfig', served.kubeconfig, '-o', 'json'] as const
    const none = await runCommand('diagnose', 'shop/nothing-here', ...at)
    expect([none.code, failure.safeParse(JSON.parse(none.output)).success]).toEqual([3, true])
    const pods = ['a', 'b'].map((end) => ({
      kind: 'Pod',
      metadata: { name: `cart-${end}`, namespace: 'shop' },
      spec: { containers: [{ name: 'main', image: 'x' }] },
    }))
    await using both = await servedCluster([{ kind: 'Namespace', metadata: { name: 'shop' } }, ...pods])
    const several = await runCommand('diagnose', 'shop/cart', '--kubeconfig', both.kubeconfig, '-o', 'json')
    expect(several.code).toBe(3)
    expect(failure.parse(JSON.parse(several.output)).error.candidates?.join(' ')).toMatch(/cart-a.*cart-b/)
  })

  test('4: the cluster does not answer, or does not let it look', async () => {
    const served = await servedCluster(objects)
    using folder = temporaryFolder()
    const kubeconfig = join(folder.path, 'kubeconfig')
    await writeFile(kubeconfig, await readFile(served.kubeconfig, 'utf8'))
    await served[Symbol.asyncDispose]()
    const gone = await runCommand('diagnose', target, '--kubeconfig', kubeconfig, '-o', 'json')
    expect(gone.code).toBe(4)
    expect(failure.parse(JSON.parse(gone.output)).error.message).not.toBe('')
  })
})
