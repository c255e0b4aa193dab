import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface Checkout extends Disposable {
  /** Beside it, in the same folder, is what is not to be read. */
  readonly directory: string
  readonly folder: string
}

/** A folder with a checkout in it. `links`: from a path of the checkout to wherever it leads. */
export function checkout(
  files: Readonly<Record<string, string | Uint8Array>>,
  links: Readonly<Record<string, string>> = {},
): Checkout {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'imagepull-')))
  const directory = join(folder, 'checkout')
  mkdirSync(directory)
  for (const [path, content] of Object.entries(files)) writeFileSync(placeFor(directory, path), content)
  for (const [path, target] of Object.entries(links)) symlinkSync(target, placeFor(directory, path))
  return { directory, folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

function placeFor(directory: string, path: string): string {
  const place = join(directory, path)
  mkdirSync(dirname(place), { recursive: true })
  return place
}
