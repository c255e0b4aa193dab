import { expect, test, vi } from 'vitest'
import { runCommand } from '../support/run-command.ts'
import { servedCluster } from '../support/served-cluster.ts'

const objects = [
  { kind: 'Namespace', metadata: { name: 'shop' } },
  { kind: 'Namespace', metadata: { name: 'bank' } },
  { kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } },
  { kind: 'Pod', metadata: { name: 'web-1-a', namespace: 'shop' }, spec: {} },
  { kind: 'Pod', metadata: { name: 'cart-1', namespace: 'bank' }, spec: {} },
]

async function completed(...typed: readonly string[]): Promise<readonly string[]> {
  await using cluster = await servedCluster(objects)
  vi.stubEnv('KUBECONFIG', cluster.kubeconfig)
  const { code, output, errors } = await runCommand('complete', '--', ...typed)
  expect([code, errors]).toEqual([0, ''])
  return output
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
}

test.each([
  ['commands', ['d'], ['diagnose', 'demo', 'doctor', ':4']],
  ['no hidden ones', ['prob'], [':4']],
  ['commands below a command', ['read', 'm'], ['message', 'manifest', ':4']],
  ['options', ['rollout', '--t'], ['--timeout', ':4']],
  ['choices of an option', ['preflight', '-o', 'j'], ['json', 'junit', ':4']],
  ['namespaces', ['diagnose', '-n', ''], ['bank', 'shop', ':4']],
  ['targets of a namespace', ['diagnose', '-n', 'shop', ''], ['deployment/web', 'web-1-a', ':4']],
  ['targets by their beginning', ['rollout', '--namespace', 'shop', 'dep'], ['deployment/web', ':4']],
  ['files', ['preflight', '-f', ''], [':0']],
  ['files without an option', ['preflight', ''], [':0']],
  ['nothing for free text', ['rollout', '--timeout', ''], [':4']],
])('completes %s', async (_what, typed, words) => {
  expect(await completed(...typed)).toEqual(words)
})

test('contexts of the kubeconfig', async () => {
  const [context, directive] = await completed('diagnose', '--context', '')
  expect([context === '', directive]).toEqual([false, ':4'])
})

test('it is silent where no cluster answers', async () => {
  vi.stubEnv('KUBECONFIG', '/nowhere/kubeconfig')
  const { code, output, errors } = await runCommand('complete', '--', 'diagnose', '')
  expect([code, output, errors]).toEqual([0, ':4\n', ''])
})
