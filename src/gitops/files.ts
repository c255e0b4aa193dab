import { constants } from 'node:fs'
import { open, readdir, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { isKubernetesName } from '../kubernetes/resources.ts'
import { type Text, text } from '../text.ts'
import { type FoundDocument, findDocument, type KubernetesObject } from './documents.ts'

/** The place of an object's manifest in Git. Plain JSON. Paths are relative to the checkout. */
export type GitFile =
  | ({ readonly status: 'found'; readonly path: string } & FoundDocument)
  /** No checkout is configured. `paths`: where the file is expected; may contain stars. */
  | { readonly status: 'expected'; readonly paths: readonly string[] }
  /** Several files describe the object, for example overlays. Which one applies is not known. */
  | { readonly status: 'several'; readonly paths: readonly string[] }
  /** No file was found. If there are problems, the file may still exist. */
  | { readonly status: 'missing'; readonly paths: readonly string[]; readonly problems: readonly Text[] }

/**
 * Finds the manifest of an object. `templates`: such as `apps/{namespace}/{name}-deployment.yaml`. The object's names are
 * untrusted and checked.
 */
export async function fileOf(
  object: KubernetesObject,
  templates: readonly string[],
  directory: string | undefined,
  signal?: AbortSignal,
): Promise<GitFile> {
  const paths = templates.flatMap((template) => fillTemplate(template, object) ?? [])
  if (directory === undefined) return { status: 'expected', paths }
  const read = await Promise.all(paths.map((path) => readMatching(directory, path, signal)))
  const files = new Map(read.flatMap((it) => it.files.map(({ path, content }) => [path, content] as const)))
  const searched = [...files].map(([path, content]) => ({ path, ...findDocument(content, object) }))
  const found = searched.flatMap(({ path, found }) => found.map((it) => ({ path, ...it })))
  const [first, second] = found
  if (first && !second) return { status: 'found', ...first }
  if (first) return { status: 'several', paths: [...new Set(found.map(({ path }) => path))] }
  const unread = searched.filter((it) => it.unread > 0)
  const problems = [
    ...read.flatMap((it) => it.problems),
    ...unread.map(({ path }) => text`${path} is not plain YAML, or too large`),
  ]
  return { status: 'missing', paths, problems }
}

/**
 * Fills `apps/{namespace}/{name}-deployment.yaml` for one object; stars stay. undefined: Kubernetes allows no such name, or the
 * path would leave its directory.
 */
export function fillTemplate(template: string, object: { readonly namespace: string; readonly name: string }) {
  if (!isKubernetesName(object.namespace) || !isKubernetesName(object.name)) return undefined
  const path = template.replaceAll('{namespace}', object.namespace).replaceAll('{name}', object.name)
  return path.split('/').every(staysBelow) ? path : undefined
}

/** Refuses `.`, `..`, and an empty step, which would make the path absolute. */
function staysBelow(step: string): boolean {
  return /^[\w.*-]{1,255}$/.test(step) && step !== '.' && step !== '..'
}

export interface Matching {
  readonly files: readonly { readonly path: string; readonly content: string }[]
  /** Sentences about files that exist but could not, or must not, be read. A missing file is no problem. */
  readonly problems: readonly Text[]
}

const filesLimit = 50
const bytesLimit = 1_048_576

/**
 * Reads the files below a directory whose paths match a pattern. A star matches any characters within one step. Symbolic
 * links are followed only within the directory, which may be a link itself, as git-sync makes it. A link that is replaced
 * between the check and the read is not detected: whoever can write to the checkout controls its content anyway.
 */
export async function readMatching(directory: string, pattern: string, signal?: AbortSignal): Promise<Matching> {
  const files: { path: string; content: string }[] = []
  const problems: Text[] = []
  const attempt = async <Result>(path: string, action: () => Promise<Result>): Promise<Result | undefined> => {
    signal?.throwIfAborted()
    try {
      return await action()
    } catch (error) {
      if (!isAbsent(error)) problems.push(text`${path || directory} ${reasonOf(error)}`)
      return undefined
    }
  }
  const root = await attempt('', () => realRoot(directory))
  if (root === undefined) return { files, problems }
  let paths = ['']
  for (const step of pattern.split('/')) {
    const next = await Promise.all(paths.map((folder) => attempt(folder, () => entriesOf(root, folder, step))))
    paths = next.flatMap((it) => it ?? [])
  }
  if (paths.length > filesLimit)
    problems.push(text`${pattern} matches ${paths.length} files; ${filesLimit} of them were read`)
  for (const path of paths.slice(0, filesLimit)) {
    const content = await attempt(path, () => contentOf(root, path))
    if (content !== undefined) files.push({ path, content })
  }
  return { files, problems }
}

/** Why a path is not used. The message completes a sentence that begins with the path. */
class Refused extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message
  return `cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

/** A missing checkout is a problem; a missing file is not. */
async function realRoot(directory: string): Promise<string> {
  try {
    return await realpath(directory)
  } catch (error) {
    throw isAbsent(error) ? new Refused('does not exist') : error
  }
}

async function realBelow(root: string, path: string): Promise<string> {
  const real = await realpath(join(root, path))
  const way = relative(root, real)
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
    throw new Refused('is a link that leaves the checkout')
  return real
}

/** Skips names with unusual characters, because they could break the header lines of a patch. */
async function entriesOf(root: string, folder: string, step: string): Promise<readonly string[]> {
  if (!step.includes('*')) return [join(folder, step)]
  const pattern = step.split('*')
  const names = await readdir(await realBelow(root, folder))
  return names
    .filter((name) => /^[\w.@+=-]+$/.test(name) && fits(name, pattern))
    .toSorted()
    .map((name) => join(folder, name))
}

/** Matches the pieces between the stars in order, each at its first place. Linear, because it uses no regular expression. */
function fits(name: string, pieces: readonly string[]): boolean {
  const [first = '', ...others] = pieces
  const last = others.pop() ?? ''
  let at = first.length
  for (const piece of others) {
    const found = name.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return name.startsWith(first) && name.endsWith(last) && name.length - last.length >= at
}

/** Does not block on a pipe, and does not follow a link in the last step. */
async function contentOf(root: string, path: string): Promise<string> {
  const real = await realBelow(root, path)
  await using file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  const about = await file.stat()
  if (!about.isFile()) throw new Refused('is not a regular file')
  if (about.size > bytesLimit) throw new Refused('is larger than 1 MiB')
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.readFile())
}
