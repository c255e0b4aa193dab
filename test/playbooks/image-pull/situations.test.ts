import { describe, expect, test } from 'vitest'
import { diagnoseSituation, gradeOf, readSituations } from '../../support/reported-situation.ts'

const files = [
  ...['secrets', 'registries', 'nodes', 'builds', 'workloads'],
  ...['further-registries', 'cluster-registries', 'further-workloads', 'partly-seen', 'odd-places', 'mirrors'],
]

describe.each(files)('%s', (file) => {
  test.each(readSituations(file).map((it) => [it.name, it] as const))('%s', async (_name, situation) => {
    const diagnosis = await diagnoseSituation(situation)
    const { cause, confidence } = diagnosis.failing[0]?.verdict ?? { cause: 'none', confidence: null }
    expect({ grade: gradeOf(situation, diagnosis), cause, confidence }).toEqual({ grade: 'right', cause, confidence })
  })
})
