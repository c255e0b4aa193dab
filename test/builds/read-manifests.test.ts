import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { readManifests } from '../../src/builds/read-manifests.ts'

interface Sample {
  readonly name: string
  readonly manifest: string
  readonly want: readonly object[]
}

const path = new URL('../fixtures/builds/manifests.yaml', import.meta.url)
const samples = parse(readFileSync(path, 'utf8')) as readonly Sample[] // our own file

describe('what a manifest builds', () => {
  test.each(samples)('$name', ({ manifest, want }) => {
    expect(readManifests(parseAllDocuments(manifest).map((it) => it.toJS()))).toEqual(want)
  })
})
