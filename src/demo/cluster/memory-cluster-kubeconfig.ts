import { stringify } from 'yaml'
import { type TemporaryFile, temporaryFile } from './memory-cluster-file.ts'

/** A kubeconfig file with one context, `test`, that is removed at the end of its `using`. */
export function kubeconfigFile(
  server: string,
  user: object = { token: 'a-token' },
  cluster: object = {},
): TemporaryFile {
  return temporaryFile(
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
