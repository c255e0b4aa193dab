import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareDatabase } from '../../src/store/prepare-database.ts'
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts'

let template: Promise<string> | undefined

/**
 * A data directory as the first start of the program leaves it, removed at the end of its `using`. Making a database takes
 * three seconds of a processor: one is made for all test files, and copied.
 */
export async function preparedDirectory(): Promise<TemporaryFolder> {
  template ??= makeTemplate(process.env.IMAGEPULL_TEST_FOLDER ?? temporaryFolder().path)
  const database = await template
  const folder = temporaryFolder()
  cpSync(database, join(folder.path, 'database'), { recursive: true })
  return folder
}

/** The first worker makes it, and the others wait. A database gets its name once it is complete. */
async function makeTemplate(folder: string): Promise<string> {
  const database = join(folder, 'database')
  try {
    mkdirSync(join(folder, 'making'))
  } catch (error) {
    if (!existsSync(join(folder, 'making'))) throw error
    while (!existsSync(database)) await sleep(20)
    return database
  }
  return prepareDatabase(folder)
}
