import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { basicAccess } from '../../src/simulator/registry/access.ts'
import { servedRegistry } from '../support/preflight-world.ts'
import { runCommand, runCommandWith } from '../support/run-command.ts'
import { servedCluster } from '../support/served-cluster.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const images = [{ repository: 'team/app', tags: ['1.0', 'latest'] }]
const node = {
  kind: 'Node',
  metadata: { name: 'node-1' },
  status: { nodeInfo: { architecture: 'amd64', operatingSystem: 'linux' } },
}
const answer = z.object({
  images: z.array(
    z.object({
      image: z.string(),
      status: z.enum(['pulls', 'fails', 'unknown']),
      verdict: z.object({ cause: z.string(), confidence: z.string() }).nullable(),
      reason: z.string().nullable(),
      users: z.array(
        z.object({
          ...{ kind: z.string(), namespace: z.string(), name: z.string(), container: z.string() },
          ...{ file: z.string(), line: z.number().nullable() },
        }),
      ),
    }),
  ),
  summary: z.object({ images: z.number(), pulls: z.number(), fails: z.number(), unknown: z.number() }),
  skipped: z.record(z.string(), z.number()),
  unreadable: z.array(z.object({ file: z.string(), line: z.number(), why: z.string() })),
})

function workload(kind: string, image: string): string {
  return `apiVersion: apps/v1
kind: ${kind}
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: main
          image: ${image}
`
}

describe('with a cluster', () => {
  test('says what fails, where it is written, and exits with 5', async () => {
    await using cluster = await servedCluster([node])
    const { host } = await servedRegistry({ images })
    const yaml = [workload('Deployment', `${host}/team/app:1.0`), workload('StatefulSet', `${host}/team/app:2.0`)]
    const run = ['preflight', '--kubeconfig', cluster.kubeconfig, '-n', 'shop'] as const
    const { code, output } = await runCommandWith(yaml.join('---\n'), ...run, '-f', '-', '-o', 'json')
    expect(code).toBe(5)
    const { images: told, summary } = answer.parse(JSON.parse(output))
    expect(summary).toEqual({ images: 2, pulls: 1, fails: 1, unknown: 0 })
    expect(told[0]).toMatchObject({
      image: `${host}/team/app:2.0`,
      status: 'fails',
      verdict: { cause: 'tag-missing', confidence: 'proven' },
      users: [{ kind: 'StatefulSet', namespace: 'shop', name: 'web', container: 'main', file: '-', line: 21 }],
    })
    const text = await runCommandWith(yaml.join('---\n'), ...run)
    expect(text.output).toContain('✗')
    expect(text.output).toContain('2 images: 1 can be pulled, 1 cannot')
  })

  test('a cluster that does not answer is exit 4, with --offline as the way out', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'kubeconfig')
    const cluster = { name: 'c', cluster: { server: 'https://127.0.0.1:9' } }
    writeFileSync(
      file,
      JSON.stringify({
        ...{ clusters: [cluster], contexts: [{ name: 'c', context: { cluster: 'c' } }], 'current-context': 'c' },
      }),
    )
    const { code, errors } = await runCommandWith(workload('Deployment', 'a:1'), 'preflight', '--kubeconfig', file)
    expect([code, errors]).toEqual([4, expect.stringContaining('cannot be reached')])
  })
})

describe('offline', () => {
  test('a directory is read with what is below it; what is no YAML is named, and hidden folders are passed over', async () => {
    const { host } = await servedRegistry({ images })
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'charts/templates'), { recursive: true })
    mkdirSync(join(folder.path, '.git'))
    writeFileSync(join(folder.path, 'web.yaml'), workload('Deployment', `${host}/team/app:1.0`))
    writeFileSync(join(folder.path, 'charts/templates/web.yaml'), '{{ if .Values.web }}\nkind: {{ .kind }}\n')
    writeFileSync(join(folder.path, '.git/web.yaml'), workload('Deployment', `${host}/team/app:9`))
    const { code, output } = await runCommand('preflight', folder.path, '--offline', '-o', 'json')
    const said = answer.parse(JSON.parse(output))
    expect(code).toBe(0)
    expect(said.summary).toEqual({ images: 1, pulls: 1, fails: 0, unknown: 0 })
    expect(said.unreadable).toEqual([expect.objectContaining({ file: expect.stringContaining('templates/web.yaml') })])
    expect((await runCommand('preflight', folder.path, '--offline', '--strict')).code).toBe(6)
  })

  test('what cannot be found out is exit 0, and 6 with --strict', async () => {
    const yaml = workload('Deployment', '127.0.0.1:9/app:1')
    expect((await runCommandWith(yaml, 'preflight', '--offline')).code).toBe(0)
    const { code, output } = await runCommandWith(yaml, 'preflight', '--offline', '--strict')
    expect([code, output]).toEqual([6, expect.stringContaining('could not be asked from here')])
  })

  test('the platform that is asked for is compared', async () => {
    const { host } = await servedRegistry({ images: [{ repository: 'team/app', tags: ['1'], index: true }] })
    const yaml = workload('Deployment', `${host}/team/app:1`)
    const run = (platform: string) =>
      runCommandWith(yaml, 'preflight', '--offline', '--platform', platform, '-o', 'json')
    expect((await run('linux/amd64')).code).toBe(0)
    const other = await run('linux/arm64')
    expect(other.code).toBe(5)
    expect(answer.parse(JSON.parse(other.output)).images[0]?.verdict?.cause).toBe('platform-mismatch')
    expect((await run('arm64')).code).toBe(2)
  })

  test('logins come from the Docker configuration and its credential helper', async () => {
    const access = basicAccess(new Map([['puller', 'right']]), 'test')
    const { host } = await servedRegistry({ images, registry: { access } })
    using folder = temporaryFolder()
    const helper = join(folder.path, 'docker-credential-test')
    writeFileSync(helper, `#!/bin/sh\nread host; echo '{"Username":"puller","Secret":"right","ServerURL":"'$host'"}'\n`)
    chmodSync(helper, 0o755)
    vi.stubEnv('PATH', `${folder.path}:${process.env.PATH}`)
    vi.stubEnv('DOCKER_CONFIG', folder.path)
    const plain = join(folder.path, 'imagepull.yaml')
    writeFileSync(plain, JSON.stringify({ registries: [{ host, plainHttp: true }] }))
    vi.stubEnv('IMAGEPULL_CONFIG', plain)
    const statusWith = async (configuration: object): Promise<string | undefined> => {
      writeFileSync(join(folder.path, 'config.json'), JSON.stringify(configuration))
      const yaml = workload('Deployment', `${host}/team/app:1.0`)
      const { output } = await runCommandWith(yaml, 'preflight', '--offline', '-o', 'json')
      const [first] = answer.parse(JSON.parse(output)).images
      return first?.verdict?.cause ?? first?.status
    }
    const auth = (password: string) => Buffer.from(`puller:${password}`).toString('base64')
    expect(await statusWith({})).toBe('credentials-missing')
    expect(await statusWith({ auths: { [host]: { auth: auth('right') } } })).toBe('pulls')
    expect(await statusWith({ auths: { [host]: { auth: auth('wrong') } } })).toBe('credentials-rejected')
    expect(await statusWith({ credsStore: 'test', auths: { [host]: {} } })).toBe('pulls')
    expect(await statusWith({ credsStore: '../evil' })).toBe('credentials-missing')
  })
})

describe('output for pipelines', () => {
  const hostile = '127.0.0.1:9/a%0A::error::b,c:<&1'

  test('JUnit, GitHub annotations and SARIF name the file, the line and the cause', async () => {
    const { host } = await servedRegistry({ images })
    using folder = temporaryFolder()
    const file = join(folder.path, 'web.yaml')
    writeFileSync(file, [workload('Deployment', `${host}/team/app:9`), workload('Job', `"${hostile}"`)].join('---\n'))
    const run = async (format: string) => (await runCommand('preflight', '-f', file, '--offline', '-o', format)).output
    const junit = await run('junit')
    expect(junit).toContain('tests="2" failures="2" errors="0" skipped="0"')
    expect(junit).toContain('<failure type="tag-missing"')
    expect(junit).not.toContain('<&1')
    const github = await run('github')
    expect(github).toMatch(/^::error file=.+web\.yaml,line=10,title=Tag missing \(proven\)::.+team\/app:9: /m)
    expect(github.split('\n').filter((line) => line.startsWith('::error'))).toHaveLength(2)
    const sarif = JSON.parse(await run('sarif'))
    expect(sarif.runs[0].results[0]).toMatchObject({
      ruleId: 'tag-missing',
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 10 } } }],
    })
  })
})

test('a file that is not there is exit 2', async () => {
  const { code, errors } = await runCommand('preflight', '-f', '/nowhere/web.yaml', '--offline')
  expect([code, errors]).toEqual([2, expect.stringContaining('/nowhere/web.yaml cannot be read')])
})
