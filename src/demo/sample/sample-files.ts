import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'

export interface SampleFiles {
  /** Paths. */
  readonly kubeconfig: string
  readonly ca: string
  remove(): Promise<void>
}

/** What programs want as files, in a folder of its own below the temporary one. */
export async function sampleFiles(context: string, apiPort: number, authority: string): Promise<SampleFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'imagepull-sample-'))
  const kubeconfig = join(folder, 'kubeconfig')
  const ca = join(folder, 'ca.pem')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    contexts: [{ name: context, context: { cluster: context, user: 'imagepull', namespace: 'cortex-chat' } }],
    // Without TLS, which is said so that no client sends credentials unawares; there are none.
    clusters: [{ name: context, cluster: { server: `http://127.0.0.1:${apiPort}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'imagepull', user: {} }],
  }
  await writeFile(kubeconfig, stringify(config), { mode: 0o600 })
  await writeFile(ca, authority)
  return { kubeconfig, ca, remove: () => rm(folder, { recursive: true, force: true }) }
}
