import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { RequestListener, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { stringify } from 'yaml'
import { writeTar } from '../../simulator/registry/storage.ts'

export interface SampleFiles {
  /** Paths. */
  readonly kubeconfig: string
  readonly ca: string
  remove(): Promise<void>
}

/** Writes the files that programs need, into a temporary folder. */
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

/** Makes the `main.tar.gz` of a Git server. */
export function sourceArchive(files: Readonly<Record<string, string>>): Buffer {
  return gzipSync(writeTar(files))
}

/** A mirror of npm or Python packages. It has every package. */
export interface PackageMirror {
  readonly listener: RequestListener
  /** `down`: nothing listens. `slow`: requests wait. */
  set(state: 'up' | 'down' | 'slow'): void
  onReach(change: (reachable: boolean) => void): void
}

export function packageMirror(): PackageMirror {
  const waiting: ServerResponse[] = []
  let state: 'up' | 'down' | 'slow' = 'up'
  let told: (reachable: boolean) => void = () => undefined

  function answer(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }

  return {
    listener(_request, response) {
      if (state === 'slow') waiting.push(response)
      else answer(response)
    },
    set(next) {
      state = next
      told(next !== 'down')
      if (next === 'up') for (const response of waiting.splice(0)) answer(response)
    },
    onReach(change) {
      told = change
    },
  }
}
