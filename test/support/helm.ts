import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'

export const chart = resolve(import.meta.dirname, '../../deploy/chart')
const ownHelm = join(homedir(), '.cache/imagepull-tools/helm')
const program = existsSync(ownHelm) ? ownHelm : 'helm'

/** Why there is no Helm here; undefined: there is one. */
export const whyNoHelm: string | undefined =
  spawnSync(program, ['version']).status === 0
    ? undefined
    : `no helm on the PATH: GOBIN=${join(homedir(), '.cache/imagepull-tools')} GOFLAGS=-mod=mod go install helm.sh/helm/v4/cmd/helm@v4.0.1`

export interface HelmRun {
  readonly ok: boolean
  readonly stdout: string
  readonly stderr: string
}

/** Runs Helm. @param values Passed as a values file by standard input, after `-f -`. */
export function helm(args: readonly string[], values?: object): HelmRun {
  const all = values ? [...args, '-f', '-'] : args
  const input = values ? JSON.stringify(values) : ''
  const { status, stdout, stderr } = spawnSync(program, all, { encoding: 'utf8', input })
  return { ok: status === 0, stdout, stderr }
}

/** The same on a cluster, while this process goes on. Returns the standard output; rejects with what Helm says. */
export function helmOn(kubeconfig: string, args: readonly string[], values?: object): Promise<string> {
  const env = { ...process.env, KUBECONFIG: kubeconfig }
  return new Promise((resolve, reject) => {
    const child = execFile(program, values ? [...args, '-f', '-'] : args, { env }, (error, stdout, stderr) =>
      error ? reject(new Error(`helm ${args[0]}: ${stdout}${stderr}`)) : resolve(stdout),
    )
    child.stdin?.end(values ? JSON.stringify(values) : '')
  })
}

/** The smallest values that install imagepull. */
export const leastValues = {
  image: { repository: 'registry.example/imagepull' },
  secret: { existing: 'imagepull' },
  config: { channels: [{ id: 'C0123456789' }] },
} as const

/** A Helm that is built by `go install` does not know for which Kubernetes it was made. */
const version = ['--kube-version', '1.33.0']

/** The text of what the chart makes, as the release `imagepull`. Throws what Helm says. */
export function renderText(values: object, args: readonly string[] = []): string {
  const all = ['template', 'imagepull', chart, '--namespace', 'imagepull', ...version, ...args]
  const { ok, stdout, stderr } = helm(all, values)
  if (!ok) throw new Error(stderr)
  return stdout
}

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
})
export type RenderedObject = z.infer<typeof objectSchema>

/** The objects that the chart makes. Throws what Helm says. */
export function render(values: object, args: readonly string[] = []): readonly RenderedObject[] {
  return parseAllDocuments(renderText(values, args))
    .map((it): unknown => it.toJS())
    .filter((it) => it !== null)
    .map((it) => objectSchema.parse(it))
}

/** What Helm says instead of rendering the values. */
export function refusal(values: object): string {
  const { ok, stderr } = helm(['template', 'imagepull', chart, ...version], values)
  return ok ? 'it was rendered' : stderr
}
