import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFile extends Disposable {
  readonly path: string
}

/** A file that is removed at the end of its `using`. */
export function temporaryFile(content: string): TemporaryFile {
  const folder = mkdtempSync(join(tmpdir(), 'imagepull-'))
  const path = join(folder, 'config')
  writeFileSync(path, content)
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}
