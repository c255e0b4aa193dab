import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
/** The directory of the tool that starts a real cluster. */
export const clusterTool = resolve(root, process.env.IMAGEPULL_CLUSTER ?? '../shared/cluster')
const work = process.env.IMAGEPULL_CLUSTER_DIR ?? join(homedir(), '.cache/imagepull-cluster')
const kubectlProgram = join(work, 'cache/bin/kubectl')
const limits = { maxBuffer: 64 * 1024 * 1024 }

/** Why there is no real cluster here; undefined: there is a tool that can start one. */
export function whyNoCluster(): string | undefined {
  return existsSync(join(clusterTool, 'up')) ? undefined : `no cluster tool at ${clusterTool}: set IMAGEPULL_CLUSTER`
}

/** The real cluster, started when it is not up. */
export async function startCluster() {
  const { stdout } = await run(join(clusterTool, 'up'), limits)
  const kubeconfig = /KUBECONFIG=(.+)$/.exec(stdout.trim())?.[1] ?? ''
  const environment = { ...process.env, KUBECONFIG: kubeconfig }
  const kubectl = async (...args: string[]): Promise<string> =>
    (await run(kubectlProgram, args, { ...limits, env: environment })).stdout
  const sendTo = (args: readonly string[], manifests: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = execFile(kubectlProgram, args, { ...limits, env: environment }, (error) =>
        error ? reject(error) : resolve(),
      )
      child.stdin?.end(manifests)
    })
  const apply = (manifests: string): Promise<void> => sendTo(['apply', '-f', '-'], manifests)
  /** Asks the API server whether it would take it. */
  const tryApply = (manifests: string): Promise<void> => sendTo(['apply', '--dry-run=server', '-f', '-'], manifests)
  const scenario = async (...args: string[]): Promise<void> =>
    void (await run(join(clusterTool, 'scenario'), args, limits))
  /** One more node, which takes only pods that tolerate the taint `extra-node`. It lasts as long as the cluster. */
  const addNode = async (name: string): Promise<void> => void (await run(join(clusterTool, 'add-node'), [name], limits))

  /** The first pod of the scenario whose container waits with such a reason or message. */
  const podOf = (name: string, shows: RegExp): Promise<string> => podThat(['-A', '-l', `scenario=${name}`], shows)
  const podOfOwner = (namespace: string, labels: string, shows: RegExp): Promise<string> =>
    podThat(['-n', namespace, '-l', labels], shows)

  async function podThat(selected: readonly string[], shows: RegExp, seconds = 90): Promise<string> {
    const end = Date.now() + seconds * 1_000
    let seen = ''
    while (Date.now() < end) {
      const { items } = JSON.parse(await kubectl('get', 'pods', ...selected, '-o', 'json'))
      const pod = items.find((it: { status: object; metadata: { deletionTimestamp?: string } }) => {
        seen = JSON.stringify(it.status)
        return !it.metadata.deletionTimestamp && shows.test(seen)
      })
      if (pod) return `${pod.metadata.namespace}/${pod.metadata.name}`
      await sleep(500)
    }
    throw new Error(`${selected.join(' ')} did not show ${shows} in ${seconds} s: ${seen.slice(0, 2_000)}`)
  }

  /** A kubeconfig for somebody else, by a token. */
  async function kubeconfigOf(token: string): Promise<string> {
    const file = join(mkdtempSync(join(tmpdir(), 'imagepull-')), 'kubeconfig')
    const { clusters } = JSON.parse(await kubectl('config', 'view', '--raw', '-o', 'json'))
    const context = { cluster: clusters[0].name, user: 'somebody' }
    const config = {
      clusters,
      users: [{ name: 'somebody', user: { token } }],
      contexts: [{ name: 'somebody', context }],
      'current-context': 'somebody',
    }
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
    return file
  }

  return { kubeconfig, kubectl, apply, tryApply, scenario, addNode, podOf, podOfOwner, kubeconfigOf }
}

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The command as a person runs it in a checkout, with the nodes' resolver, so that the test registries have names. */
export async function imagepull(kubeconfig: string, ...args: readonly string[]): Promise<Ran> {
  const inside = [`--mount=${work}/run/ns/mnt`, `--wd=${root}`, 'npm', 'run', '-s', 'imagepull', '--', ...args]
  try {
    const { stdout, stderr } = await run('nsenter', inside, {
      ...limits,
      cwd: root,
      env: { ...process.env, KUBECONFIG: kubeconfig },
    })
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string } // execFile rejects with these
    return { code, stdout, stderr }
  }
}
