import { stripVTControlCharacters } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { classifyBuildLog } from '../../../src/builds/log/classify.ts'
import { packageMirror, sourceArchive } from '../../../src/demo/sample/files.ts'
import { buildJob } from '../../../src/demo/sample/manifests.ts'
import { listen } from '../../../src/simulator/listen.ts'
import { authority, type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const executor = { repository: 'kaniko', tags: ['1'] }
const base = { repository: 'base', tags: ['1'], labels: { inherited: 'yes' } }
const files = {
  Dockerfile: `# a comment
FROM registry.test:5000/base:1
WORKDIR /app
COPY package.json .npmrc ./
RUN npm ci
LABEL imagepull.dev/program=serve
CMD ["node", "server.js"]
`,
  'package.json': JSON.stringify({ dependencies: { express: '5.1.0', pino: '10.4.0' } }),
  '.npmrc': 'registry=https://npm.test/\n',
}

interface Build {
  readonly files?: Readonly<Record<string, string>>
  readonly context?: string
  readonly destination?: string
  readonly mirror?: 'up' | 'down'
  readonly prepare?: (cluster: SmallCluster) => void
}

/** Runs one build to its end. */
async function run(build: Build = {}) {
  const cluster = await smallCluster([executor, base])
  const { network } = cluster
  const archive = sourceArchive(build.files ?? files)
  const git = await listen(
    (request, response) => response.writeHead(request.url === '/main.tar.gz' ? 200 : 404).end(archive),
    await authority.certify(['git.test']),
  )
  const npm = await listen(packageMirror().listener, await authority.certify(['npm.test']))
  onTestFinished(async () => void (await Promise.all([git.close(), npm.close()])))
  network.name('git.test', '198.51.100.20')
  network.attach('198.51.100.20', 443, git.port)
  network.name('npm.test', '198.51.100.21')
  if (build.mirror !== 'down') network.attach('198.51.100.21', 443, npm.port)
  build.prepare?.(cluster)
  const destination = build.destination ?? 'registry.test:5000/team/app:1'
  const context = build.context ?? 'https://git.test/main.tar.gz'
  const manifest = buildJob({ namespace: 'shop', name: 'build', context, destination })
  await cluster.apply(
    manifest
      .replace('gcr.io/kaniko-project/executor:v1.24.0', 'registry.test:5000/kaniko:1')
      .replace('"--insecure"', '"--insecure","--insecure-pull"'),
  )
  const [pod] = await cluster.until('the build ends', () => {
    const found = cluster.pods('build').filter(({ status }) => /Failed|Succeeded/.test(status.phase))
    return found.length > 0 && found
  })
  const path = `/api/v1/namespaces/shop/pods/${pod?.metadata.name}/log`
  const { body } = await cluster.handle({ method: 'GET', path, headers: {}, body: '' })
  const lines = stripVTControlCharacters(body)
    .split('\n')
    .map((line) => line.trimEnd())
  return { cluster, lines, exitCode: pod?.status.containerStatuses[0]?.state.terminated?.exitCode }
}

test('builds, pushes what it built, and tells it as Kaniko 1.24 does', async () => {
  const { cluster, lines, exitCode } = await run()
  expect(exitCode).toBe(0)
  const repository = cluster.storage.repositories.get('team/app')
  const digest = repository?.tags.get('1')
  expect(lines.map((line) => line.replace(/^INFO\[\d{4}\] /, ''))).toEqual([
    'Retrieving https tar file',
    'Retrieved https tar file',
    'Extracted https tar file',
    'Retrieving image manifest registry.test:5000/base:1',
    'Retrieving image registry.test:5000/base:1 from registry registry.test:5000',
    'Built cross stage deps: map[]',
    'Retrieving image manifest registry.test:5000/base:1',
    'Returning cached image manifest',
    'Executing 0 build triggers',
    "Building stage 'registry.test:5000/base:1' [idx: '0', base-idx: '-1']",
    'Unpacking rootfs as cmd COPY package.json .npmrc ./ requires it.',
    'WORKDIR /app',
    'Cmd: workdir',
    'Changed working directory to /app',
    'Creating directory /app with uid -1 and gid -1',
    'Taking snapshot of files...',
    'COPY package.json .npmrc ./',
    'Taking snapshot of files...',
    'RUN npm ci',
    'Initializing snapshotter ...',
    'Taking snapshot of full filesystem...',
    'Cmd: /bin/sh',
    'Args: [-c npm ci]',
    'Running: [/bin/sh -c npm ci]',
    '',
    expect.stringMatching(/^added 2 packages, and audited 3 packages in \d+s$/),
    '',
    'found 0 vulnerabilities',
    'Taking snapshot of full filesystem...',
    'LABEL imagepull.dev/program=serve',
    'Applying label imagepull.dev/program=serve',
    'CMD ["node", "server.js"]',
    'Pushing image to registry.test:5000/team/app:1',
    `Pushed registry.test:5000/team/app@${digest}`,
    '',
  ])
  const manifest = JSON.parse(String(repository?.manifests.get(String(digest))?.body))
  expect(manifest.layers).toHaveLength(3)
  const config = JSON.parse(String(cluster.storage.blobs.get(manifest.config.digest)))
  expect(config).toMatchObject({
    architecture: 'amd64',
    config: { Labels: { inherited: 'yes', 'imagepull.dev/program': 'serve' } },
  })
})

test('what it pushed can be pulled', async () => {
  const { cluster } = await run()
  await cluster.apply(
    JSON.stringify({
      kind: 'Pod',
      metadata: { namespace: 'shop', name: 'web', labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'registry.test:5000/team/app:1' }] },
    }),
  )
  await cluster.ready('web')
})

const dockerfile = (text: string): Build => ({ files: { ...files, Dockerfile: text } })
const from = 'FROM registry.test:5000/base:1\n'
const blame =
  'error checking push permissions -- make sure you entered the correct tag name, and that you are authenticated correctly, and try again: checking push permission for '

describe('fails', () => {
  const table: readonly (readonly [what: string, build: Build, lastLine: string, kind: string | undefined])[] = [
    [
      'without its source',
      { context: 'https://git.test/gone.tar.gz' },
      'Error: error resolving source context: HTTPSTar bad status from server: 404 Not Found',
      'context',
    ],
    [
      'at a source host that is not there',
      { context: 'https://nope.test/main.tar.gz' },
      'Error: error resolving source context: Get "https://nope.test/main.tar.gz": dial tcp: lookup nope.test on 10.0.0.2:53: no such host',
      'context',
    ],
    [
      'without a Dockerfile',
      { files: { 'a.txt': '' } },
      'Error: error resolving dockerfile path: please provide a valid path to a Dockerfile within the build context with --dockerfile',
      'dockerfile-missing',
    ],
    [
      'at an instruction that is none',
      dockerfile(`${from}RUNN npm ci\n`),
      'error building image: parsing dockerfile: dockerfile parse error on line 2: unknown instruction: RUNN',
      'dockerfile-syntax',
    ],
    [
      'at a file that is not there',
      dockerfile(`${from}COPY a.txt /\n`),
      'error building image: error building stage: failed to get files used from context: failed to get fileinfo for /kaniko/buildcontext/a.txt: lstat /kaniko/buildcontext/a.txt: no such file or directory',
      'missing-file',
    ],
    [
      'at a base image that is not there',
      dockerfile('FROM registry.test:5000/base:9\n'),
      'error building image: unable to complete operation after 0 attempts, last error: GET http://registry.test:5000/v2/base/manifests/9: MANIFEST_UNKNOWN: manifest unknown; map[Tag:9]',
      'base-image',
    ],
    [
      'at a step whose mirror is away',
      { mirror: 'down' },
      'error building image: error building stage: failed to execute command: waiting for process to exit: exit status 1',
      'dependencies-unreachable',
    ],
    [
      'at a registry that refuses connections',
      { destination: '198.51.100.7:5001/app:1' },
      `${blame}"198.51.100.7:5001/app:1": creating push check transport for 198.51.100.7:5001 failed: Get "https://198.51.100.7:5001/v2/": dial tcp 198.51.100.7:5001: connect: connection refused; Get "http://198.51.100.7:5001/v2/": dial tcp 198.51.100.7:5001: connect: connection refused`,
      'push-refused',
    ],
    [
      'at a registry that gives no answer',
      { destination: '198.51.100.99:5000/app:1' },
      `${blame}"198.51.100.99:5000/app:1": creating push check transport for 198.51.100.99:5000 failed: Get "https://198.51.100.99:5000/v2/": dial tcp 198.51.100.99:5000: i/o timeout; Get "http://198.51.100.99:5000/v2/": dial tcp 198.51.100.99:5000: i/o timeout`,
      'push-timeout',
    ],
    [
      'at a destination that is no name',
      { destination: 'registry.test:5000/:latest' },
      `${blame.replace('checking push permission for ', '')}getting tag for destination: repository must be between 2 and 255 characters in length: `.trim(),
      'invalid-destination',
    ],
  ]

  test.each(table)('%s', async (_, build, line, kind) => {
    const { lines, exitCode, cluster } = await run(build)
    expect(exitCode).toBe(1)
    expect(lines).toContain(line)
    expect(classifyBuildLog(lines)?.class).toBe(kind)
    expect(cluster.storage.repositories.has('team/app')).toBe(false)
  })

  test('and says what npm says', async () => {
    const { lines } = await run({ mirror: 'down' })
    expect(lines).toEqual(
      expect.arrayContaining([
        'npm error code ECONNREFUSED',
        'npm error FetchError: request to https://npm.test/express failed, reason: connect ECONNREFUSED 198.51.100.21:443',
      ]),
    )
  })
})
