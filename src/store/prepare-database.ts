import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The program in the checkout, or in the build. */
const program = fileURLToPath(new URL(`./create-database${import.meta.url.slice(-3)}`, import.meta.url))

/**
 * Creating a database takes about 900 MB for two seconds, which a process never gives back. So another process creates
 * it, with a small heap and the compiler that starts quickly: about 500 MB.
 */
const flags = ['--liftoff-only', '--max-semi-space-size=2', '--max-old-space-size=64']
const unfinished = 'database.new-'

/**
 * Returns the path of the database in a data directory, and creates the database if there is none. It gets its name
 * only when it is complete, so that the remains of a killed process are never mistaken for it. The directory must be
 * locked. Throws the system's error.
 */
export async function prepareDatabase(directory: string): Promise<string> {
  const path = join(directory, 'database')
  const left = readdirSync(directory).filter((name) => name.startsWith(unfinished))
  for (const name of left) rmSync(join(directory, name), { recursive: true, force: true })
  if (existsSync(join(path, 'PG_VERSION'))) return path
  const made = join(directory, `${unfinished}${randomUUID()}`)
  try {
    await promisify(execFile)(process.execPath, [...flags, program, made])
    renameSync(made, path) // fails if something else has that name
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    throw error
  }
  return path
}
