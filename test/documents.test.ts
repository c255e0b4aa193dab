import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '..')
const documents = execFileSync('git', ['ls-files', '--', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n')

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** The fragments that GitHub gives to the headings of a document. */
function fragments(markdown: string): readonly string[] {
  const headings = [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase())
  return headings.map((heading) => heading.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
}

describe.each(documents)('%s', (path) => {
  const text = read(path)

  test('links to files and headings that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]*)\)|(?:src|srcset)="([^"]+)"/g)]
    const broken = links
      .map(([, link, picture]) => link ?? picture ?? '')
      .filter((link) => {
        const [file = '', fragment] = link.split('#')
        const target = file === '' ? path : join(dirname(path), file)
        if (!existsSync(join(root, target))) return true
        return fragment !== undefined && !fragments(read(target)).includes(fragment)
      })
    expect(broken).toEqual([])
  })

  test('names paths of the project that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|deploy|\.ci)\/[\w./-]*)`/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([])
  })

  test('names scripts that exist', () => {
    const scripts = [...text.matchAll(/\bnpm run (?:-s )?([a-z][\w:]*)/g)].map(([, name = '']) => name)
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([])
  })
})
