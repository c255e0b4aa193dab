import { describe, expect, test } from 'vitest'
import type { Observation } from '../../../src/diagnosis/check.ts'
import type { GitFile } from '../../../src/gitops/files.ts'
import { prevention } from '../../../src/playbooks/image-pull/advice/advise.ts'
import { escalation } from '../../../src/playbooks/image-pull/advice/escalation.ts'
import { type WayFacts, wayEvidence } from '../../../src/playbooks/image-pull/advice/network-path.ts'
import { inGit, rollback } from '../../../src/playbooks/image-pull/advice/rollback.ts'
import { otherSources } from '../../../src/playbooks/image-pull/advice/sources.ts'
import { changeOf, type ImageChange } from '../../../src/playbooks/image-pull/change.ts'
import type { RegistryBackend } from '../../../src/playbooks/image-pull/checks/cluster-registry.ts'
import type { Neighbours } from '../../../src/playbooks/image-pull/checks/nodes.ts'
import type { Owner } from '../../../src/playbooks/image-pull/checks/owner.ts'
import { spreadOf } from '../../../src/playbooks/image-pull/checks/spread.ts'
import { referenceOf } from '../../../src/playbooks/image-pull/evidence/answers.ts'
import type { ContainerPull } from '../../../src/playbooks/image-pull/inputs.ts'
import type { Remedy } from '../../../src/playbooks/image-pull/model.ts'
import { plain, type Text, text } from '../../../src/text.ts'

const unknown = { known: false, reason: 'forbidden' } as const
const known = <T>(value: T) => ({ known: true, value }) as const
const names = {
  namespace: 'shop',
  pod: 'web-1',
  container: 'web',
  image: 'nginx:1',
  host: 'registry-1.docker.io',
  node: 'n1',
  owner: 'deployment/web',
}

function pull(
  kind: 'tls-handshake' | 'image-not-found',
  image = 'nginx:1',
  host = 'registry-1.docker.io',
): ContainerPull {
  const reading = { kind, host, text: 'words' } as NonNullable<ContainerPull['said']>['reading']
  return {
    container: 'web',
    role: 'container',
    image,
    policy: 'IfNotPresent',
    state: 'failing',
    waitingReason: 'ErrImagePull',
    said: { by: 'status', message: 'words', reading },
    kinds: [kind],
    lastFailure: '2026-11-24T03:00:00Z',
    secretsNotFound: [],
  }
}

const lines = (of: readonly (Remedy | Text)[]): string =>
  of.map((it) => plain('title' in it ? it.title : it)).join('\n')

describe('the image before', () => {
  const revision = (number: number, image: string, since: string) => ({
    number,
    since,
    containers: [{ name: 'web', image }],
  })
  const field = (manager: string, key: string, time: string) => ({
    manager,
    operation: 'Update',
    time,
    fieldsV1: [key],
  })
  const owner = {
    kind: 'Deployment',
    name: 'web',
    workload: {
      metadata: {
        managedFields: [
          field('argocd-controller', 'k:{"name":"web"}', '2026-11-24T02:00:00Z'),
          field('kubectl-edit', 'k:{"name":"other"}', '2026-11-24T02:30:00Z'),
          field('helm', 'k:{"name":"web"}', '2026-11-24T01:00:00Z'),
        ],
      },
    },
  } as unknown as Owner // only what is read

  test('is that of the newest revision with another one', () => {
    const history = [
      revision(4, 'web:3', '04'),
      revision(3, 'web:3', '03'),
      revision(2, 'web:2', '02'),
      revision(1, 'web:1', '01'),
    ]
    expect(changeOf('web', 'web:3', history, owner)).toEqual({
      container: 'web',
      imageBefore: 'web:2',
      imageNow: 'web:3',
      when: '03',
      by: 'argocd-controller',
      revisionBefore: 2,
    })
  })

  test.each([
    ['it always was the same', [revision(2, 'web:3', '02'), revision(1, 'web:3', '01')]],
    ['the pod is older than the newest revision', [revision(2, 'web:4', '02'), revision(1, 'web:3', '01')]],
    ['there is no history', []],
  ])('is not known where %s', (_name, history) => {
    expect(changeOf('web', 'web:3', history, undefined)).toBeUndefined()
  })
})

describe('rolling back', () => {
  const change: ImageChange = {
    container: 'web',
    imageBefore: 'nginx:0',
    imageNow: 'nginx:1',
    when: '02',
    by: undefined,
    revisionBefore: 7,
    stillPulls: true,
  }
  const facts = { ...names, file: unknown, manager: undefined }

  test('comes with a command where nobody undoes it', () => {
    const [first, second] = rollback('tag-missing', change, pull('image-not-found'), facts)
    expect(plain(first?.title ?? text``)).toContain('nginx:0')
    expect(second).toMatchObject({
      argv: ['kubectl', '-n', 'shop', 'rollout', 'undo', 'deployment/web', '--to-revision=7'],
    })
  })

  test('names who would undo it by hand', () => {
    const manager = { tool: 'argo-cd', application: { name: 'shop' }, certain: true } as const
    const remedies = rollback('tag-missing', change, pull('image-not-found'), { ...facts, manager })
    expect(lines(remedies)).toContain('Argo CD (shop) would undo it')
    expect(remedies.some((it) => it.kind === 'command')).toBe(false)
  })

  test.each([
    [
      'is not offered where the old image is gone',
      { ...change, stillPulls: false },
      pull('image-not-found'),
      'tag-missing',
    ],
    ['is not offered where nobody knows', { ...change, stillPulls: undefined }, pull('image-not-found'), 'tag-missing'],
    ['does not help on the same broken way', change, pull('tls-handshake'), 'tls-handshake-failed'],
    ['is not needed for what passes', change, pull('image-not-found'), 'stale-backoff'],
  ])('%s', (_name, of, pulled, cause) => {
    const { stillPulls, ...rest } = of
    expect(rollback(cause, stillPulls === undefined ? rest : { ...rest, stillPulls }, pulled, facts)).toEqual([])
  })

  test('helps where the old image comes from another registry', () => {
    const other = { ...change, imageBefore: 'quay.io/team/web:1' }
    expect(rollback('tls-handshake-failed', other, pull('tls-handshake'), facts)).not.toEqual([])
  })
})

describe('the way', () => {
  const pod = {
    name: 'registry-0',
    labels: {},
    ready: true,
    restarts: 4,
    trouble: 'OOMKilled',
    storage: 'pod',
    limited: false,
    probed: false,
  } as const
  const backend: RegistryBackend = {
    namespace: 'infra',
    service: 'registry',
    readyEndpoints: 1,
    selects: true,
    pods: [pod],
  }
  const failure = (node: string) =>
    ({
      node,
      image: 'nginx:1',
      at: '2026-11-24T03:00:00Z',
      kind: 'tls-handshake',
      host: 'registry-1.docker.io',
    }) as const
  const success = (node: string) => ({ node, image: 'redis:7', at: '2026-11-24T03:00:30Z' })
  const facts: WayFacts = { manifest: unknown, spread: unknown, backend: unknown }
  const compared = (pulled: readonly object[], failed: readonly object[]) =>
    known(spreadOf(pull('tls-handshake'), 'n1', { pulled, failed } as Neighbours)) // its parts are as above

  test('one node fails and another pulls: it is the node', () => {
    const spread = compared([success('n2')], [failure('n1')])
    const said = wayEvidence({ ...facts, spread })
    expect(said.map((it) => [plain(it.says), it.confidence])).toContainEqual([
      'so it is n1, its network or its proxy, not the image and not docker.io',
      'likely',
    ])
  })

  test('several nodes fail: it is none of them, and a matter for others', () => {
    const spread = compared([success('n3')], [failure('n1'), failure('n2'), failure('n2')])
    const said = wayEvidence({ ...facts, spread })
      .map((it) => plain(it.says))
      .join('\n')
    expect(said).toContain('2 nodes meet it: n1, n2')
    expect(said).not.toContain('so it is')
    expect(lines(escalation(pull('tls-handshake'), { ...facts, spread }, 3))).toContain('TLS fails on 2 nodes')
  })

  test('what is behind it, and when to stop restarting it', () => {
    const said = wayEvidence({ ...facts, backend: known(backend) })
      .map((it) => plain(it.says))
      .join('\n')
    expect(said).toContain('without a readiness probe, Ready proves nothing')
    expect(said).toContain('registry-0 restarted 4 times; last: OOMKilled')
    expect(lines(escalation(pull('tls-handshake'), { ...facts, backend: known(backend) }, 3))).toContain(
      'restarted 4 times',
    )
    expect(lines(escalation(pull('tls-handshake'), { ...facts, backend: known(backend) }, 5))).toBe('')
  })

  test('prevention is only what was observed', () => {
    const reference = known({ valid: true, reference: referenceOf('nginx') ?? expect.fail() } as const)
    const said = lines(prevention(pull('tls-handshake'), { reference, backend: known(backend) }))
    for (const words of [
      'Pin a tag',
      'mirror of Docker Hub',
      'PersistentVolumeClaim',
      'memory limit',
      'requests and limits',
    ])
      expect(said).toContain(words)
    const sound = {
      ...pod,
      storage: 'claim',
      limited: true,
      trouble: undefined,
    } as unknown as RegistryBackend['pods'][number]
    const pinned = known({ valid: true, reference: referenceOf('registry.example/web:1.2') ?? expect.fail() } as const)
    expect(
      prevention(pull('image-not-found', 'registry.example/web:1.2', 'registry.example'), {
        reference: pinned,
        backend: known({ ...backend, pods: [sound] }),
      }),
    ).toEqual([])
    expect(prevention(pull('tls-handshake'), { reference: unknown, backend: unknown })).toEqual([])
  })

  test('other places that have the image', () => {
    const held = known([
      { node: 'n2', images: ['docker.io/library/nginx:1'] },
      { node: 'n1', images: ['docker.io/library/nginx:1'] },
    ])
    const mirrors = [{ host: 'mirror.corp.example', of: 'docker.io' }]
    const said = lines(
      otherSources(pull('tls-handshake'), { names, held, copies: known(['10.43.0.9:5000/nginx:1']), mirrors }),
    )
    expect(said).toContain('n2 still has the image')
    expect(said).toContain('10.43.0.9:5000/nginx:1')
    expect(said).toContain('mirror.corp.example/library/nginx')
    expect(otherSources(pull('tls-handshake'), { names, held: unknown, copies: unknown, mirrors: [] })).toEqual([])
  })
})

describe('in Git', () => {
  const edit = { field: 'imagePullSecrets', add: 'regcred' } as const
  const why = text`Give it to the pod`
  const shown = { text: 'kind: Pod\nmetadata:\n  name: web\nspec:\n  containers: []\n', hidden: [] }

  test.each<[string, Observation<GitFile>, string]>([
    ['unknown', unknown, 'in Git, add regcred to its imagePullSecrets'],
    [
      'expected',
      known({ status: 'expected', paths: ['apps/shop/web-deployment.yaml'] }),
      'in apps/shop/web-deployment.yaml, add regcred',
    ],
    ['several', known({ status: 'several', paths: ['a.yaml', 'b.yaml'] }), 'a.yaml or b.yaml'],
    ['missing', known({ status: 'missing', paths: ['a.yaml'], problems: [] }), 'in Git, add regcred'],
    ['no pod', known({ status: 'found', path: 'a.yaml', line: 1 }), 'no diff: it is a Secret'],
  ])('%s: words', (_name, file, words) => {
    expect(plain(inGit(edit, why, file).title)).toContain(words)
  })

  test('found: a patch of the file', () => {
    const remedy = inGit(edit, why, known({ status: 'found', path: 'a.yaml', line: 1, shown }))
    expect(remedy).toMatchObject({ kind: 'patch', file: 'a.yaml' })
    expect(remedy.kind === 'patch' && remedy.patch).toContain('+    - name: regcred')
  })
})
