import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '../..')
const dockerfile = readFileSync(resolve(root, 'deploy/Dockerfile'), 'utf8').replaceAll(/\\\n\s*/g, '')
const instructions = dockerfile.split('\n').filter((line) => /^[A-Z]/.test(line))
const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')))

function argumentsOf(instruction: string): readonly string[] {
  const line = last.find((it) => it.startsWith(instruction)) ?? ''
  return JSON.parse(/\[.*\]/.exec(line)?.[0] ?? '[]')
}

describe('the container image', () => {
  test('takes its bases as arguments', () => {
    expect(instructions.filter((line) => line.startsWith('FROM '))).toEqual([
      'FROM ${NODE_IMAGE} AS build',
      'FROM ${BASE_IMAGE}',
    ])
  })

  test('needs no shell, and no root', () => {
    expect(last.filter((line) => line.startsWith('RUN'))).toEqual([])
    expect(last).toContain('USER 65532:65532')
    for (const instruction of ['ENTRYPOINT', 'HEALTHCHECK', 'CMD']) expect(argumentsOf(instruction)).not.toEqual([])
  })

  test('starts as npm start does, and checks its health with the same program', () => {
    const [node = '', ...words] = argumentsOf('ENTRYPOINT')
    const launcher = words.at(-1) ?? ''
    const flags = words.slice(0, -1)
    expect(node).toBe('/usr/local/bin/node')
    expect(['node', ...flags, manifest.bin.imagepull, ...argumentsOf('CMD')].join(' ')).toBe(manifest.scripts.start)
    expect(launcher.endsWith(`/node_modules/imagepull/${manifest.bin.imagepull}`)).toBe(true)
    expect(argumentsOf('HEALTHCHECK')).toEqual([node, launcher, 'health'])
  })

  test('has the version of the package', () => {
    expect(last).toContain(`ARG VERSION=${manifest.version}`)
  })

  test('is built from files that are there, without the simulator, the demo and the tests', () => {
    const ignored = readFileSync(resolve(root, '.dockerignore'), 'utf8').split('\n')
    const sent = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    expect(ignored).toEqual(expect.arrayContaining(['*', 'src/demo', 'src/simulator']))
    expect(sent.filter((path) => !existsSync(resolve(root, path)))).toEqual([])
    const copied = instructions
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(/\s+/).slice(1, -1))
    expect(copied.filter((path) => !sent.includes(path.split('/')[0] ?? ''))).toEqual([])
  })
})
