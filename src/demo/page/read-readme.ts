import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** From here to the top of the project: in a checkout, and when built. npm packs the README, always. */
const tops = ['../../..', '../../../..'] as const

/** The project's README. */
export async function readReadme(): Promise<string> {
  const read = tops.map((top) => readFile(join(import.meta.dirname, top, 'README.md'), 'utf8'))
  const [found] = (await Promise.allSettled(read)).filter((each) => each.status === 'fulfilled')
  return found?.value ?? 'The README is not installed here.\n'
}
