import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'

/** One text that may hold manifests. `name`: the file as the person named it; `-` for standard input. */
export interface ManifestText {
  readonly name: string
  readonly text: string
}

/** A file or directory that was named and cannot be read. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}

const extensions = /\.(?:ya?ml|json)$/i
/** Bytes of one file, and files of all directories. */
const limits = { bytes: 32 * 1_024 * 1_024, files: 5_000 } as const

/** Reads files, the YAML and JSON files below directories, and `-` as standard input. Throws SourceError. */
export async function readSources(named: readonly string[], input: Readable): Promise<readonly ManifestText[]> {
  const texts: ManifestText[] = []
  for (const name of named)
    if (name === '-') texts.push({ name, text: await textOf(input) })
    else texts.push(...(await readPath(name)))
  return texts
}

async function readPath(path: string): Promise<readonly ManifestText[]> {
  try {
    const files = (await stat(path)).isDirectory() ? await filesBelow(path) : [path]
    return await Promise.all(files.map(readText))
  } catch (error) {
    if (error instanceof SourceError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new SourceError(`${path} cannot be read: ${reason}`, { cause: error })
  }
}

/** In the order of their names. Hidden directories, such as `.git`, and symbolic links are passed over. */
async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true })
  const files = entries
    .filter((it) => it.isFile() && extensions.test(it.name))
    .map((it) => join(it.parentPath, it.name))
    .filter((path) => !/(?:^|\/)(?:\.[^./][^/]*|node_modules)\//.test(path.slice(directory.length)))
  if (files.length > limits.files)
    throw new SourceError(`${directory} has more than ${limits.files} YAML and JSON files; name a directory below it`)
  return files.toSorted()
}

async function readText(path: string): Promise<ManifestText> {
  if ((await stat(path)).size > limits.bytes) throw new SourceError(`${path} is larger than ${limits.bytes} bytes`)
  return { name: path, text: await readFile(path, 'utf8') }
}
