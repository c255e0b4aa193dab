import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

export interface Asset {
  readonly type: string
  readonly body: string
}

/** By path: `/client/main.js`. */
export type Assets = ReadonlyMap<string, Asset>

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
}

/** Bundles the page for the browser, in memory. Throws esbuild's BuildFailure, which names file and line. */
export async function readAssets(directory = join(import.meta.dirname, 'client')): Promise<Assets> {
  const { outputFiles } = await build({
    absWorkingDir: directory,
    entryPoints: { main: 'main.tsx', styles: 'styles/main.css' },
    outdir: 'out',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  })
  const built = outputFiles.map(({ path, text }) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    return [`/client/${name}`, { type: types[name.slice(name.lastIndexOf('.') + 1)] ?? '', body: text }] as const
  })
  const icon = { type: 'image/svg+xml', body: await readFile(join(directory, 'icon.svg'), 'utf8') }
  return new Map([...built, ['/client/icon.svg', icon]])
}
