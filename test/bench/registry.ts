import { createManners } from '../../src/registry/manners/manners.ts'
import { countingRegistry } from '../support/counting-registry.ts'
import { diagnosing } from '../support/diagnosing.ts'

// Run by `npm run bench`. Diagnoses of one missing tag, ten at a time, each with a registry client of its own: what the
// registry and its token server are asked, with what the clients of a process share and without.

const atOnce = 10

async function measure(diagnoses: number, shared: boolean): Promise<string> {
  const registry = await countingRegistry()
  const manners = createManners()
  const diagnoseOnce = await diagnosing(registry.host, () => registry.open(shared ? manners : createManners()))
  const began = performance.now()
  for (let done = 0; done < diagnoses; done += atOnce) await Promise.all(Array.from({ length: atOnce }, diagnoseOnce))
  const seconds = (performance.now() - began) / 1_000
  const requests = registry.asked.length
  await registry.close()
  return `| ${diagnoses}, ${shared ? 'with shared answers' : 'each on its own'} | ${requests} | ${seconds.toFixed(1)} s |`
}

console.log(`| diagnoses of one missing tag | requests | time |\n|---|---|---|`)
console.log(await measure(50, false))
console.log(`${await measure(500, true)}\n`)
