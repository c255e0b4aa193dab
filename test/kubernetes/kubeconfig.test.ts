import { delimiter, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { clusterDomain, loadKubeconfig } from '../../src/kubernetes/kubeconfig.ts'
import { kubeconfigFile, temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'

function second(context: string) {
  return temporaryFile(`
apiVersion: v1
kind: Config
contexts: [{ name: ${context}, context: { cluster: other, user: other } }]
clusters: [{ name: other, cluster: { server: "https://other.test" } }]
users: [{ name: other, user: { token: x } }]
`)
}

test('the current context, unless another is asked for', () => {
  using first = kubeconfigFile('https://first.test')
  using other = second('other')
  const kubeconfig = [first.path, other.path].join(delimiter)
  expect(loadKubeconfig({ kubeconfig }).cluster.server).toBe('https://first.test')
  expect(loadKubeconfig({ kubeconfig, context: 'other' }).cluster.server).toBe('https://other.test')
})

test('of several files, those that are missing are passed over, as kubectl does', () => {
  using first = kubeconfigFile('https://first.test')
  const kubeconfig = ['/nowhere/config', first.path].join(delimiter)
  expect(loadKubeconfig({ kubeconfig }).cluster.server).toBe('https://first.test')
})

test('of several files, the first that names an entry wins', () => {
  using first = kubeconfigFile('https://first.test')
  using later = kubeconfigFile('https://later.test')
  const kubeconfig = [first.path, later.path].join(delimiter)
  expect(loadKubeconfig({ kubeconfig }).cluster.server).toBe('https://first.test')
})

test('an unknown context: those that there are', () => {
  using file = kubeconfigFile('https://first.test')
  expect(() => loadKubeconfig({ kubeconfig: file.path, context: 'prod' })).toThrow(
    expect.objectContaining({
      name: 'KubeconfigError',
      code: 'no-such-context',
      message: `The kubeconfig ${file.path} has no context "prod". Contexts: test.`,
    }),
  )
})

const pointing = (server: string): string => `
current-context: a
contexts: [{ name: a, context: { cluster: b, user: c } }]
clusters: [{ name: b, cluster: { server: "${server}" } }]
`

test.each([
  ['that is not YAML', 'a: [', 'invalid'],
  ['that is empty', '', 'invalid'],
  ['that is something else', '- 1', 'invalid'],
  ['with something else for a name', 'clusters: [{ name: 1, cluster: { server: a } }]', 'invalid'],
  ['without a current context', 'kind: Config', 'no-cluster'],
  ['whose context names no cluster', pointing('https://a.test').replace('name: b', 'name: x'), 'no-cluster'],
  ['whose current context is not there', pointing('https://a.test').replace('name: a', 'name: x'), 'no-such-context'],
  ['with an address that is none', pointing('somewhere'), 'invalid'],
  ['that would send credentials without TLS', pointing('http://a.test'), 'invalid'],
])('a kubeconfig %s', (_, content, code) => {
  using file = temporaryFile(content)
  expect(() => loadKubeconfig({ kubeconfig: file.path })).toThrow(
    expect.objectContaining({ name: 'KubeconfigError', code, message: expect.stringContaining(file.path) }),
  )
})

test('what a broken kubeconfig holds is not told', () => {
  using file = temporaryFile('users: [{ name: a, user: { token: s3cr3t-value } }\n  b: [')
  using wrong = temporaryFile('users: [{ name: a, user: { token: s3cr3t-value, exec: 1 } }]')
  for (const kubeconfig of [file.path, wrong.path]) {
    expect(() => loadKubeconfig({ kubeconfig })).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.not.stringContaining('s3cr3t') }),
    )
  }
})

test('the line that is not YAML is told', () => {
  using file = temporaryFile('kind: Config\nusers:\n  user: a: b\n')
  const message = `The kubeconfig ${file.path} is not valid YAML, line 3: BLOCK_AS_IMPLICIT_KEY.`
  expect(() => loadKubeconfig({ kubeconfig: file.path })).toThrow(expect.objectContaining({ message }))
})

test('relative paths begin at their file', () => {
  const user = { 'client-certificate': 'maya.crt', tokenFile: '/etc/token' }
  using file = kubeconfigFile('https://first.test', user, { 'certificate-authority': 'ca.crt' })
  const config = loadKubeconfig({ kubeconfig: file.path })
  expect(config.user).toMatchObject({
    'client-certificate': join(dirname(file.path), 'maya.crt'),
    tokenFile: '/etc/token',
  })
  expect(config.cluster).toMatchObject({ 'certificate-authority': join(dirname(file.path), 'ca.crt') })
})

test('a kubeconfig that is not there', () => {
  expect(() => loadKubeconfig({ kubeconfig: '/nowhere/config' })).toThrow(
    expect.objectContaining({ code: 'not-found', message: 'There is no kubeconfig /nowhere/config.' }),
  )
})

test('a kubeconfig that cannot be read: a folder', () => {
  expect(() => loadKubeconfig({ kubeconfig: '/' })).toThrow(expect.objectContaining({ code: 'unreadable' }))
})

test.each([
  ['search shop.svc.corp.internal svc.corp.internal corp.internal\nnameserver 10.43.0.10\n', 'corp.internal'],
  ['nameserver 10.43.0.10\nsearch shop.svc.cluster.local svc.cluster.local. cluster.local lan\n', 'cluster.local'],
  ['search svc.old svc.old\nsearch a.svc.new svc.new new\n', 'new'], // resolv.conf(5): the last one counts
  ['search lan\nnameserver 192.0.2.1\n', undefined],
  ['search svc.\n', undefined],
  ['# search svc.comment\n', undefined],
  ['', undefined],
])('the DNS domain of a cluster, by a pod: %j', (resolvConf, domain) => {
  expect(clusterDomain(resolvConf)).toBe(domain)
})
