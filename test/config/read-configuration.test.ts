import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigurationError } from '../../src/config/problems.ts'
import { readConfiguration } from '../../src/config/read-configuration.ts'
import { temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'

function read(content: string) {
  using file = temporaryFile(content)
  return readConfiguration(file.path)
}

/** `line path says`, of each problem. */
function problemsOf(content: string): readonly string[] {
  const error = errorOf(() => read(content))
  expect(error.code).toBe('invalid')
  return error.problems.map(({ path, line, message }) => `${line} ${path} ${message}`)
}

function errorOf(attempt: () => unknown): ConfigurationError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error('it was read')
}

const defaults = {
  clusters: [],
  registries: [],
  channels: [],
  workspaces: [],
  alerts: {
    names: [
      ...['KubeContainerWaiting', 'KubePodNotReady', 'ImagePullFailing', 'KubernetesPodNotHealthy', 'PodNotHealthy'],
      ...['KubernetesContainerWaiting', '*image*pull*', '*pull*image*'],
    ],
    reasons: [
      ...['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'ImageInspectError'],
      ...['RegistryUnavailable', 'SignatureValidationFailed'],
    ],
    clusterLabel: 'cluster',
    others: 'leave',
    posters: [],
    patterns: [],
  },
  permissions: [],
  gitops: {
    workload: 'apps/{namespace}/{name}-deployment.yaml',
    builds: ['apps/{namespace}/*-build*.yaml', 'apps/{namespace}/*-kaniko*.yaml'],
  },
  incidents: { grace: 60_000, join: 1_800_000, look: 300_000, keep: 2_592_000_000 },
  escalation: { registryRestarts: 3 },
  actions: { restartWindow: 86_400_000, testFromNode: { enabled: false, namespace: 'imagepull-probe' } },
}

describe('what is not written has a default', () => {
  test.each([undefined, ''])('no file: %j', (file) => {
    expect(readConfiguration(file)).toEqual(defaults)
  })

  test.each(['', '# nothing yet\n', '{}', 'incidents: {}\nclusters: []\n'])('%j', (content) => {
    expect(read(content)).toEqual(defaults)
  })

  test('an entry may read no secret, and allow nothing', () => {
    const { clusters, registries, channels, permissions } = read(`
clusters: [{ name: prod-eu }]
registries: [{ host: harbor.corp.example }]
channels: [{ id: C0123456789 }]
permissions: [{ action: rerun-build }]
`)
    expect(clusters).toEqual([{ name: 'prod-eu', namespaces: [], secrets: 'none' }])
    expect(registries).toEqual([{ host: 'harbor.corp.example', access: 'auto', plainHttp: false, tokenHosts: [] }])
    expect(channels).toMatchObject([{ may: ['commands', 'alerts'], severities: ['critical', 'warning'] }])
    expect(permissions).toEqual([{ action: 'rerun-build', clusters: [], namespaces: [], groups: [], users: [] }])
  })
})

test('a whole file', () => {
  expect(
    read(`
clusters:
  - { name: prod-eu, context: prod-eu, domain: corp.internal, namespaces: [], secrets: read }
registries:
  - { host: "10.43.170.72:5000", access: auto, plainHttp: true }
  - { host: harbor.corp.example, ca: /etc/imagepull/ca.pem, credentialsFile: /etc/imagepull/harbor.json, tokenHosts: [sso.corp.example], mirrorOf: docker.io }
channels:
  - { id: C0123456789, clusters: [prod-eu], namespaces: ["*"], severities: [critical, warning], may: [commands, alerts, actions] }
alerts: { names: [KubeContainerWaiting, KubePodNotReady, ImagePullFailing], reasons: [ErrImagePull], posters: [B0123456789] }
permissions:
  - { action: rerun-build, clusters: [prod-eu], namespaces: [cortex-chat], groups: [S0123456789], users: [] }
gitops: { directory: /gitops, workload: "apps/{namespace}/{name}-deployment.yaml", builds: ["apps/{namespace}/*-build*.yaml", "apps/{namespace}/*-kaniko*.yaml"] }
incidents: { grace: 90s, join: 2h, look: 5m, keep: 30d }
escalation: { group: S0123456789, registryRestarts: 5 }
actions:
  restartWindow: 6h
  testFromNode: { enabled: true, image: "ghcr.io/acme/imagepull@sha256:${'a'.repeat(64)}", namespace: probes }
`),
  ).toEqual({
    clusters: [{ name: 'prod-eu', context: 'prod-eu', domain: 'corp.internal', namespaces: [], secrets: 'read' }],
    registries: [
      { host: '10.43.170.72:5000', access: 'auto', plainHttp: true, tokenHosts: [] },
      {
        host: 'harbor.corp.example',
        access: 'auto',
        plainHttp: false,
        ca: '/etc/imagepull/ca.pem',
        credentialsFile: '/etc/imagepull/harbor.json',
        tokenHosts: ['sso.corp.example'],
        mirrorOf: 'docker.io',
      },
    ],
    channels: [
      {
        id: 'C0123456789',
        clusters: ['prod-eu'],
        namespaces: ['*'],
        severities: ['critical', 'warning'],
        labels: {},
        may: ['commands', 'alerts', 'actions'],
        shared: false,
      },
    ],
    workspaces: [],
    alerts: {
      ...defaults.alerts,
      names: ['KubeContainerWaiting', 'KubePodNotReady', 'ImagePullFailing'],
      reasons: ['ErrImagePull'],
      posters: ['B0123456789'],
    },
    permissions: [
      {
        action: 'rerun-build',
        clusters: ['prod-eu'],
        namespaces: ['cortex-chat'],
        groups: ['S0123456789'],
        users: [],
      },
    ],
    gitops: { ...defaults.gitops, directory: '/gitops' },
    incidents: { grace: 90_000, join: 7_200_000, look: 300_000, keep: 2_592_000_000 },
    escalation: { group: 'S0123456789', registryRestarts: 5 },
    actions: {
      restartWindow: 21_600_000,
      testFromNode: {
        enabled: true,
        image: `ghcr.io/acme/imagepull@sha256:${'a'.repeat(64)}`,
        namespace: 'probes',
      },
    },
  })
})

test('paths are relative to the file that has them', () => {
  using file = temporaryFile(
    'registries: [{ host: harbor.example, ca: ca.pem, credentialsFile: ../login.json }]\ngitops: { directory: checkout }',
  )
  const { registries, gitops } = readConfiguration(file.path)
  const folder = dirname(file.path)
  expect(registries[0]?.ca).toBe(join(folder, 'ca.pem'))
  expect(registries[0]?.credentialsFile).toBe(join(folder, '../login.json'))
  expect(gitops.directory).toBe(join(folder, 'checkout'))
})

describe('every problem at once', () => {
  test('of every kind, in the order of the file', () => {
    expect(
      problemsOf(`clusters:
  - { name: prod-eu, secret: read }
  - { name: prod-eu, context: other, secrets: write }
registries:
  -
channels:
  - { id: "#general", clusters: [prod-us] }
incidents:
  grace: 60
chanels: []
permissions:
  - {}
`),
    ).toEqual([
      '2 clusters[0].secret is unknown: did you mean "secrets"? (allowed: name, context, domain, namespaces, secrets)',
      '3 clusters[1].secrets is "write": it must be one of none, read',
      '3 clusters[1].name is prod-eu, the same as in clusters[0]: it must be unique',
      '5 registries[0] has no value: it must be keys with values',
      '7 channels[0].id is "#general": it must be the id of a channel, such as C0123456789',
      '7 channels[0].clusters[0] is prod-us, which is not listed in clusters: did you mean "prod-eu"? (allowed: prod-eu, *)',
      '9 incidents.grace is 60: it must be a number and its unit, such as 30s, 5m, 12h or 30d, from 0s to 1h',
      '10 chanels is unknown: did you mean "channels"? (allowed: clusters, registries, channels, workspaces, alerts, permissions, gitops, incidents, escalation, actions)',
      '12 permissions[0].action is missing: it must be the name of an action, such as rerun-build, or "*" for any',
    ])
  })

  test('as one sentence, for whoever only prints the error', () => {
    using file = temporaryFile('clusters: prod\nlook: 5m\n')
    expect(errorOf(() => readConfiguration(file.path)).message).toBe(
      `The configuration ${file.path} cannot be used: line 1: clusters is "prod": it must be a list; line 2: look is unknown: allowed: clusters, registries, channels, workspaces, alerts, permissions, gitops, incidents, escalation, actions.`,
    )
  })

  test.each([
    ['clusters: [{ name: a b }]', 'clusters[0].name is "a b": it must be a name without blanks'],
    ['clusters: [{ name: a, namespaces: ["*"] }]', 'leave the list empty for all namespaces'],
    ['clusters: [{ name: a }, { name: b }]', 'clusters[1].context is the current context, the same as in clusters[0]'],
    ['registries: [{ host: "https://a.example" }]', 'without https:// and path'],
    ['registries: [{ host: a.example/team }]', 'without https:// and path'],
    ['registries: [{ host: a.example }, { host: a.example }]', 'the same as in registries[0]'],
    ['registries: [{ host: a.example, access: no }]', 'it must be one of auto, direct, proxy, exec, none'],
    ['registries: [{ host: a.example, helper: ../evil }]', 'must be a plain word'],
    ['registries: [{ host: a.example, helper: "-x" }]', 'must be a plain word'],
    ['registries: [{ host: a.example, login: ibm }]', 'it must be one of aws, google, azure'],
    [
      'registries: [{ host: a.example, login: aws, helper: ecr-login }]',
      'the only one of credentialsFile, login and helper',
    ],
    ['registries: [{ host: a.example, clientCertificate: c.pem }]', 'must be given together with clientKey'],
    ['registries: [{ host: a.example, plainHttp: "yes" }]', 'it must be true or false'],
    ['alerts: { patterns: ["{pod} {pod}"] }', 'each at most once, with other text between two of them'],
    ['alerts: { patterns: ["{namespace}{pod}"] }', 'each at most once, with other text between two of them'],
    ['alerts: { patterns: ["{container}: {pod}"] }', 'text of a post with {pod} or {namespace}'],
    ['registries: { host: a.example }', 'registries has keys: it must be a list'],
    ['channels: [{ id: general }]', 'the id of a channel'],
    ['permissions: [{ action: "rerun build" }]', 'the name of an action'],
    ['permissions: [{ action: mute, users: [C0123456789] }]', 'the id of a user, such as U0123456789, or "*" for any'],
    ['permissions: [{ action: mute, namespaces: [Shop] }]', 'the name of a namespace, or "*" for any'],
    ['permissions: [{ action: rerun-biuld }]', 'which is not an action: did you mean "rerun-build"?'],
    ['actions: { restartWindow: 1m }', 'from 10m to 30d'],
    ['actions: { testFromNode: { enabled: true } }', 'it must name an image to be enabled'],
    ['actions: { testFromNode: { image: "imagepull:latest" } }', 'an image with its digest'],
    ['gitops: { workload: "../{name}.yaml" }', 'a path below the directory'],
    ['gitops: { workload: "/apps/{name}.yaml" }', 'a path below the directory'],
    ['gitops: { workload: "apps/{pod}.yaml" }', 'a path below the directory'],
    ['gitops: { builds: ["apps/**/x.yaml"] }', 'a path below the directory'],
    ['incidents: { look: 1s }', 'from 10s to 1d'],
    ['incidents: { keep: 30 d }', 'is "30 d": it must be a number and its unit'],
    ['incidents: { keep: 9999999999d }', 'from 1h to 3650d'],
    ['escalation: { registryRestarts: 0 }', 'it must be at least 1'],
    ['escalation: { registryRestarts: 1.5 }', 'it must be a whole number'],
    ['escalation: { registryRestarts: 2000 }', 'it must be at most 1000'],
    ['- clusters', 'is a list: it must be keys with values'],
    ['"__proto__": { clusters: [] }', '__proto__ is unknown'],
    ['constructor: { prototype: 1 }', 'constructor is unknown'],
  ])('%s', (content, says) => {
    const problems = problemsOf(content)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(says)
  })
})

describe('what is not YAML', () => {
  test.each([
    ['clusters: [', '1  is not valid YAML: Flow sequence'],
    ['clusters: []\nclusters: []', '2  is not valid YAML: Map keys must be unique'],
    ['clusters: []\n---\nclusters: []', 'is not valid YAML: Source contains multiple documents'],
    ['clusters: !secret []', '1  is not valid YAML: Unresolved tag: !secret'],
    ['clusters: *all', 'is not valid YAML: Unresolved alias'],
  ])('%j', (content, says) => {
    expect(problemsOf(content).join('\n')).toContain(says)
  })

  test('aliases that grow without end are not followed', () => {
    const levels = Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`)
    expect(problemsOf(['a0: &a0 [x]', ...levels].join('\n')).join('\n')).toContain('is not valid YAML: Excessive alias')
  })
})

test('a file that is named and missing is an error, and not the defaults', () => {
  const error = errorOf(() => readConfiguration('/nowhere/imagepull.yaml'))
  expect(error.code).toBe('not-found')
  expect(error.message).toBe('The configuration /nowhere/imagepull.yaml cannot be used: the file does not exist.')
})

test('a folder cannot be read', () => {
  using file = temporaryFile('')
  expect(errorOf(() => readConfiguration(dirname(file.path))).code).toBe('unreadable')
})
