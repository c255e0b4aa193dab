import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { difference, type OracleAnswer } from '../oracle/compare-answers.ts'
import type { OracleCase } from '../oracle/generate-cases.ts'

type Vector = Pick<OracleAnswer, 'logins' | 'failed'> & {
  readonly image: string
  /** Type, key of the data, and the text under it. */
  readonly secrets: readonly (readonly [type: string, key: string, text: string])[]
  readonly reference: readonly [host: string, repository: string, tag: string, digest: string] | null
}

const [, ...lines] = readFileSync('test/fixtures/kubelet-answers.jsonl', 'utf8').trimEnd().split('\n')
const vectors: readonly Vector[] = lines.map((line) => JSON.parse(line))

function caseOf({ image, secrets }: Vector): OracleCase {
  return {
    image,
    secrets: secrets.map(([type, key, text]) => ({ type, data: { [key]: Buffer.from(text).toString('base64') } })),
  }
}

function answerOf({ reference, logins, failed = false }: Vector): OracleAnswer {
  if (!reference) return { reference, logins, failed }
  const [host, repository, tag, digest] = reference
  return { reference: { host, repository, tag, digest }, logins, failed }
}

test('references and logins are those of the kubelet itself, as its code answered', async () => {
  expect(vectors.length).toBeGreaterThan(2_500)
  const differences = await Promise.all(vectors.map((it) => difference(caseOf(it), answerOf(it))))
  expect(differences.filter((it) => it !== undefined)).toEqual([])
})

test('a vector that is wrong is seen as such', async () => {
  const [some] = vectors.filter(({ logins }) => logins.length > 0)
  if (!some) throw new Error('no vector has a login')
  expect(await difference(caseOf(some), { ...answerOf(some), logins: [['user', 'other']] })).toContain('logins of')
})
