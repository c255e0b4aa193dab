import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'

export interface KubeconfigFile extends Disposable {
  readonly path: string
}

/** A kubeconfig file with one context, `test`, that is removed at the end of its `using`. */
export function kubeconfigFile(
  server: string,
  user: object = { token: 'a-token' },
  cluster: object = {},
): KubeconfigFile {
  return fileOf(
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'shop' } }],
      clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true, ...cluster } }],
      users: [{ name: 'test', user }],
    }),
  )
}

export function fileOf(content: string): KubeconfigFile {
  const folder = mkdtempSync(join(tmpdir(), 'imagepull-'))
  const path = join(folder, 'config')
  writeFileSync(path, content)
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}
