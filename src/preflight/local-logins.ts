import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { NamedSecret } from '../playbooks/image-pull/checks/pull-secrets.ts'
import { type PullSecretEntry, readPullSecret } from '../registry/auth/keyring.ts'
import { Secret } from '../secret.ts'

const source = 'the local Docker configuration'

const configuration = z.object({
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
})
/** https://github.com/docker/docker-credential-helpers#development */
const answer = z.object({ Username: z.string(), Secret: z.string() })

/**
 * The logins that `docker login` left for these registries, in `directory` (`~/.docker`) or in the credential helpers that
 * its configuration names. A file or helper that is missing or fails gives no login.
 */
export async function readLocalLogins(directory: string, hosts: readonly string[]): Promise<readonly NamedSecret[]> {
  const json = await readFile(join(directory, 'config.json'), 'utf8').catch(() => '{}')
  const data = { '.dockerconfigjson': Buffer.from(json).toString('base64') }
  const read = await readPullSecret(source, 'kubernetes.io/dockerconfigjson', data)
  // With a credential store the file has an empty entry for each host.
  const entries = read.entries.filter(({ username }) => username !== '')
  const helped = await Promise.all(hosts.map((host) => askHelper(host, helperFor(host, json))))
  const known = helped.flatMap((it) => it ?? [])
  return [{ name: source, secret: { source, entries: [...entries, ...known] } }]
}

/** What Docker calls Docker Hub in its own files. */
const hubKey = 'https://index.docker.io/v1/'

function keyOf(host: string): string {
  return host === 'docker.io' ? hubKey : host
}

function helperFor(host: string, json: string): string | undefined {
  const { credHelpers = {}, credsStore } = configuration.safeParse(parsed(json)).data ?? {}
  return (Object.hasOwn(credHelpers, keyOf(host)) ? credHelpers[keyOf(host)] : undefined) ?? credsStore
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Milliseconds: a helper may ask the person for a password. */
const patience = 20_000

async function askHelper(host: string, helper: string | undefined): Promise<PullSecretEntry | undefined> {
  if (!helper || !/^[\w.-]{1,64}$/.test(helper)) return undefined
  const output = await run(`docker-credential-${helper}`, keyOf(host))
  const said = answer.safeParse(parsed(output)).data
  // `<token>` marks a refresh token, which is no password.
  if (!said || said.Username === '<token>') return undefined
  return { key: host, username: said.Username, password: new Secret(said.Secret) }
}

function run(program: string, input: string): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(program, ['get'], { timeout: patience }, (error, stdout) => resolve(error ? '' : stdout))
    child.stdin?.on('error', () => undefined) // it ended before it read
    child.stdin?.end(input)
  })
}
