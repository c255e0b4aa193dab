import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { startCluster } from './cluster.ts'
import { packLayer, pushImage } from './push-image.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
/** The registry in the cluster, which Kaniko reads from and pushes to. */
const registry = '10.96.170.72:5000'
const namespace = 'imagepull-build'
/** What Debian's Node images have that the program needs. */
const libraries = ['libc6', 'libgcc-s1', 'libstdc++6']
const npm = 'npm@11.6.2'

/**
 * Builds deploy/Dockerfile with the real Kaniko, on bases that are made of Debian's and npm's packages, and pushes it into the
 * registry in the cluster as `imagepull:TAG`. The packages of npm come from the cache of this machine, because pods have no
 * way out. Returns the milliseconds that the build took.
 */
export async function buildContainerImage(
  { kubectl, apply }: Pick<Awaited<ReturnType<typeof startCluster>>, 'kubectl' | 'apply'>,
  tag: string,
): Promise<number> {
  await pushBases()
  const context = mkdtempSync(join(tmpdir(), 'imagepull-context-'))
  try {
    copyCheckout(context)
    const cache = (await run('npm', ['config', 'get', 'cache'], { cwd: root })).stdout.trim()
    await kubectl('create', 'namespace', namespace).catch(() => undefined) // it is there
    await kubectl('-n', namespace, 'delete', 'job', 'build', '--ignore-not-found', '--cascade=foreground')
    await apply(JSON.stringify(kanikoJob(tag, context, cache)))
    const began = performance.now()
    await ended(kubectl)
    return performance.now() - began
  } finally {
    rmSync(context, { recursive: true, force: true })
  }
}

async function ended(kubectl: Awaited<ReturnType<typeof startCluster>>['kubectl']): Promise<void> {
  const condition = '-o=jsonpath={.status.conditions[*].type}'
  const end = Date.now() + 8 * 60_000
  while (Date.now() < end) {
    const seen = await kubectl('-n', namespace, 'get', 'job', 'build', condition)
    if (seen.includes('Complete')) return
    if (seen.includes('Failed')) break
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  throw new Error(`Kaniko did not build: ${await kubectl('-n', namespace, 'logs', 'job/build', '--tail=40')}`)
}

/** What Git tracks, as a fresh clone has it: with the changes that are not committed yet. */
function copyCheckout(context: string): void {
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const path of tracked.toString().split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(context, path)), { recursive: true })
    cpSync(join(root, path), join(context, path))
  }
}

function kanikoJob(tag: string, context: string, cache: string): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace, name: 'build' },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            {
              name: 'kaniko',
              image: 'registry.test:5500/kaniko/executor:1',
              args: [
                '--context=dir:///workspace',
                '--dockerfile=/workspace/deploy/Dockerfile',
                `--destination=${registry}/imagepull:${tag}`,
                `--build-arg=NODE_IMAGE=${registry}/e2e/node:24`,
                `--build-arg=BASE_IMAGE=${registry}/e2e/cc:1`,
                '--insecure',
                '--insecure-pull',
                '--single-snapshot',
                '--compressed-caching=false',
              ],
              volumeMounts: [
                { name: 'context', mountPath: '/workspace' },
                { name: 'npm', mountPath: '/npm-cache' },
              ],
            },
          ],
          volumes: [
            { name: 'context', hostPath: { path: context } },
            { name: 'npm', hostPath: { path: cache } },
          ],
        },
      },
    },
  }
}

/** `e2e/node:24` has Node, npm and a shell; `e2e/cc:1` has the libraries alone. */
async function pushBases(): Promise<void> {
  const packages = mkdtempSync(join(tmpdir(), 'imagepull-packages-'))
  try {
    await run('apt-get', ['download', ...libraries, 'busybox-static'], { cwd: packages })
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--prefix', packages, npm])
    const top = ['etc', 'lib', 'lib64', 'usr', 'tmp']
    const base = await packLayer(top, (folder) => addLibraries(packages, folder))
    const tools = await packLayer(['bin', 'usr'], (folder) => addTools(packages, folder))
    await pushImage({ registry, repository: 'e2e/cc', tag: '1' }, [base], { Env: ['PATH=/usr/local/bin'] })
    // Kaniko's own programs are elsewhere; npm takes everything from the cache that is mounted there.
    const Env = ['PATH=/usr/local/bin:/bin', 'npm_config_cache=/npm-cache', 'npm_config_offline=true']
    await pushImage({ registry, repository: 'e2e/node', tag: '24' }, [base, tools], { Env })
  } finally {
    rmSync(packages, { recursive: true, force: true })
  }
}

async function addLibraries(packages: string, folder: string): Promise<void> {
  for (const name of libraries) await unpack(packages, name, folder)
  for (const part of ['share']) rmSync(join(folder, 'usr', part), { recursive: true, force: true })
  writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nnonroot:x:65532:65532::/tmp:/sbin/nologin\n')
  writeFileSync(join(folder, 'etc/nsswitch.conf'), 'hosts: files dns\n')
}

async function addTools(packages: string, folder: string): Promise<void> {
  await unpack(packages, 'busybox-static', folder)
  const { stdout } = await run(join(folder, 'bin/busybox'), ['--list'])
  for (const name of stdout.trim().split('\n'))
    if (name !== 'busybox') symlinkSync('busybox', join(folder, 'bin', name))
  mkdirSync(join(folder, 'usr/bin'), { recursive: true })
  symlinkSync('/bin/busybox', join(folder, 'usr/bin/env'))
  mkdirSync(join(folder, 'usr/local/bin'), { recursive: true })
  cpSync(process.execPath, join(folder, 'usr/local/bin/node'), { dereference: true })
  cpSync(join(packages, 'node_modules/npm'), join(folder, 'usr/local/lib/node_modules/npm'), { recursive: true })
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'usr/local/bin/npm'))
}

async function unpack(packages: string, name: string, folder: string): Promise<void> {
  const file = readdirSync(packages).find((it) => it.startsWith(`${name}_`))
  if (!file) throw new Error(`apt-get did not download ${name}`)
  await run('dpkg', ['-x', join(packages, file), folder])
}
