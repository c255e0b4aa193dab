import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readBuildLog, toLogLines } from '../../../src/builds/log/read.ts'

interface Sample {
  readonly name: string
  readonly class: string
  readonly reruns: boolean
  readonly log: string
}

function samplesOf(file: string): readonly Sample[] {
  const path = new URL(`../../fixtures/builds/${file}`, import.meta.url)
  return parse(readFileSync(path, 'utf8')) as readonly Sample[] // our own file
}

describe.each(['logs.yaml', 'second-logs.yaml', 'reported-logs.yaml', 'further-logs.yaml'])(
  'why a build failed, by %s',
  (file) => {
    test.each(samplesOf(file))('$name: $class', async ({ class: wanted, reruns, log }) => {
      const found = readBuildLog(await toLogLines(log))
      expect({ class: found?.class ?? 'unknown', reruns: found ? !found.willRepeat : false }).toEqual({
        class: wanted,
        reruns,
      })
    })
  },
)
