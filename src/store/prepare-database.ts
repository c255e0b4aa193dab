import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** In the checkout, or as it is built. */
const program = fileURLToPath(new URL(`./create-database${import.meta.url.slice(-3)}`, import.meta.url))

/**
 * Making a database takes some 900 MB for two seconds, which a process never gives back. So another process makes it, with a
 * small heap and the compiler that is quick to begin: some 500 MB.
 */
const flags = ['--liftoff-only', '--max-semi-space-size=2', '--max-old-space-size=64']
const unfinished = 'database.new-'

/**
 * The path of the database in a data directory; where there is none yet, it is made. It gets its name once it is complete,
 * so that what a killed process left is never taken for one. The directory must be locked. Throws what the system says.
 */
export async function prepareDatabase(directory: string): Promise<string> {
  const path = join(directory, 'database')
  const left = readdirSync(directory).filter((name) => name.startsWith(unfinished))
  for (const name of left) rmSync(join(directory, name), { recursive: true, force: true })
  if (existsSync(join(path, 'PG_VERSION'))) return path
  const made = join(directory, `${unfinished}${randomUUID()}`)
  try {
    await promisify(execFile)(process.execPath, [...flags, program, made])
    renameSync(made, path) // refused where something else has that name
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    throw error
  }
  return path
}
