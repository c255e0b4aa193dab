import { expect, test } from 'vitest'
import { throttleErrors } from '../../src/queue/retry.ts'

test('the same error is told once in ten seconds, and another at once', () => {
  const told: unknown[] = []
  let now = 0
  const tell = throttleErrors(
    (error) => told.push(error),
    () => now,
  )
  for (const [at, says] of [
    [0, 'away'],
    [1_000, 'away'],
    [2_000, 'full'],
    [9_999, 'away'],
    [10_000, 'away'],
    [11_000, 'full'],
    [12_000, 'full'],
  ] as const) {
    now = at
    tell(says)
  }
  expect(told).toEqual(['away', 'full', 'away', 'full'])
})
