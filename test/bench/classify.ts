import { readFileSync } from 'node:fs'
import { read } from '../../src/messages/read.ts'

// Run by `npm run bench`. Prints two tables: how many messages a second, and that hostile text costs no more than its size.

const corpus: readonly { readonly message: string; readonly waitingReason?: string }[] = JSON.parse(
  readFileSync(new URL('../fixtures/messages/seen.json', import.meta.url), 'utf8'),
)
const hostile: Readonly<Record<string, string>> = {
  brackets: '[',
  'list members': ': [rpc error: ',
  quotes: '"',
  'image names': 'failed to pull image "',
  'almost a look-up': 'lookup ',
  'almost a status': 'status ',
  URLs: 'https://a/',
}
const sizes = [8, 16, 32, 64] as const

function millisecondsFor(work: () => void, atLeast: number): number {
  const start = performance.now()
  let rounds = 0
  while (performance.now() - start < atLeast) {
    work()
    rounds++
  }
  return (performance.now() - start) / rounds
}

const perRound = millisecondsFor(
  () => corpus.forEach(({ message, waitingReason }) => void read(message, waitingReason)),
  2_000,
)
console.log(
  `| corpus | messages a second |\n|---|---|\n| ${corpus.length} real messages | ${Math.round((corpus.length / perRound) * 1_000)} |\n`,
)

console.log(
  `| hostile text | ${sizes.map((size) => `${size} KiB`).join(' | ')} |\n|---|${sizes.map(() => '---|').join('')}`,
)
for (const [name, piece] of Object.entries(hostile)) {
  const times = sizes.map((size) => millisecondsFor(() => void read(piece.repeat((size * 1_024) / piece.length)), 200))
  console.log(`| ${name} | ${times.map((ms) => `${ms.toFixed(2)} ms`).join(' | ')} |`)
}
