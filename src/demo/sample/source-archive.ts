import { gzipSync } from 'node:zlib'
import { writeTar } from '../registry/write-tar.ts'

/** What a Git server gives out as `main.tar.gz`. */
export function sourceArchive(files: Readonly<Record<string, string>>): Buffer {
  return gzipSync(writeTar(files))
}
