import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { KubeconfigError } from './kubeconfig-error.ts'

// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
const text = z.string().nullish()
const cluster = z.object({
  server: z.string(),
  'tls-server-name': text,
  'insecure-skip-tls-verify': z.boolean().nullish(),
  'certificate-authority': text,
  'certificate-authority-data': text,
  'proxy-url': text,
})
const user = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-groups': z.array(z.string()).nullish(),
  /** A plugin's; the client library knows what it means. */
  exec: z.looseObject({ command: z.string() }).nullish(),
  'auth-provider': z.looseObject({}).nullish(),
})
const context = z.object({ cluster: z.string(), user: text, namespace: text })

const fileSchema = z.object({
  'current-context': text,
  clusters: z.array(z.object({ name: z.string(), cluster })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context })).nullish(),
  users: z.array(z.object({ name: z.string(), user: user.nullish() })).nullish(),
})

export type KubeconfigCluster = z.infer<typeof cluster>
export type KubeconfigUser = z.infer<typeof user>
export type KubeconfigContext = z.infer<typeof context>

export interface KubeconfigFile {
  readonly currentContext: string | undefined
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>
  readonly contexts: ReadonlyMap<string, KubeconfigContext>
  readonly users: ReadonlyMap<string, KubeconfigUser>
}

/** One file, with its relative paths made absolute. Throws KubeconfigError. */
export function kubeconfigFile(path: string): KubeconfigFile {
  const file = parsed(path, contentOf(path))
  const folder = dirname(resolve(path))
  return {
    currentContext: file['current-context'] || undefined,
    clusters: new Map(file.clusters?.map((it) => [it.name, absolute(it.cluster, folder)])),
    contexts: new Map(file.contexts?.map((it) => [it.name, it.context])),
    users: new Map(file.users?.map((it) => [it.name, absolute(it.user ?? {}, folder)])),
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      throw new KubeconfigError('not-found', `There is no kubeconfig ${path}.`, { cause })
    throw new KubeconfigError('unreadable', `The kubeconfig ${path} cannot be read: ${reason}.`, { cause })
  }
}

/** Neither the YAML error's excerpt nor a value is told: the file holds credentials. */
function parsed(path: string, content: string): z.infer<typeof fileSchema> {
  const file = fileSchema.safeParse(yaml(path, content))
  if (file.success) return file.data
  const reason = file.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`).join('; ')
  throw new KubeconfigError('invalid', `The kubeconfig ${path} is not valid: ${reason}.`)
}

function yaml(path: string, content: string): unknown {
  try {
    return parse(content)
  } catch (error) {
    const where = error instanceof YAMLParseError ? `, line ${error.linePos?.[0].line ?? 1}: ${error.code}` : ''
    throw new KubeconfigError('invalid', `The kubeconfig ${path} is not valid YAML${where}.`)
  }
}

const paths: ReadonlySet<string> = new Set(['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'])

function absolute<Entry extends object>(entry: Entry, folder: string): Entry {
  const known = Object.entries(entry).map(([key, value]) => [
    key,
    paths.has(key) && typeof value === 'string' && value ? resolve(folder, value) : value,
  ])
  return Object.fromEntries(known) // of the same form
}
