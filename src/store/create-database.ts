import { PGlite } from '@electric-sql/pglite'

// A program of its own: `prepareDatabase` runs it in another process. It creates an empty database in the given directory.
const [directory = ''] = process.argv.slice(2)
const initDbStartParams = ['--set', 'shared_buffers=4MB', '--no-sync']
const database = await PGlite.create(directory, { initDbStartParams })
await database.close()
