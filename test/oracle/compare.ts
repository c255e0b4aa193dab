import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { difference, type OracleAnswer } from './compare-answers.ts'
import { generateCases, type OracleCase } from './generate-cases.ts'

// Compares fresh cases with the code of Kubernetes itself, which it builds first: it needs Go and its module proxy.
// node test/oracle/compare.ts [--cases 20000] [--seed 1]

const source = join(import.meta.dirname, 'kubelet')

/** Built once for each version of its source. */
function builtOracle(): string {
  const files = ['main.go', 'go.mod', 'go.sum'].map((name) => readFileSync(join(source, name)))
  const version = createHash('sha256').update(Buffer.concat(files)).digest('hex').slice(0, 16)
  const folder = join(tmpdir(), `imagepull-oracle-${version}`)
  const program = join(folder, 'kubelet')
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  execFileSync('go', ['build', '-o', program, '.'], { cwd: source, stdio: 'inherit' })
  return program
}

function answersTo(cases: readonly OracleCase[]): readonly OracleAnswer[] {
  const input = cases.map((it) => `${JSON.stringify(it)}\n`).join('')
  const stdio = ['pipe', 'pipe', 'ignore'] as const // the kubelet's code logs each key that it ignores
  const output = execFileSync(builtOracle(), { input, maxBuffer: 2 ** 30, encoding: 'utf8', stdio: [...stdio] })
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
})
const cases = generateCases(Number(values.cases), Number(values.seed))
const answers = answersTo(cases)
const compared = cases.map(async (it, index) => {
  const answer = answers[index]
  const words = answer ? await difference(it, answer) : 'no answer'
  return words === undefined ? [] : [{ words, of: it }]
})
const differences = (await Promise.all(compared)).flat()
for (const { words, of } of differences.slice(0, 20)) {
  console.log(words)
  for (const { type, data } of of.secrets) {
    console.log(
      `  ${type} ${JSON.stringify(Object.entries(data).map(([key, it]) => [key, Buffer.from(it, 'base64').toString()]))}`,
    )
  }
}
console.log(`${cases.length} cases of seed ${values.seed}: ${differences.length} differences`)
if (differences.length > 0) process.exitCode = 1
