import { PGlite } from '@electric-sql/pglite'

// The short-lived process that `prepareDatabase` begins: it makes an empty database in the directory that it is given.
const [directory = ''] = process.argv.slice(2)
const initDbStartParams = ['--set', 'shared_buffers=4MB', '--no-sync']
const database = await PGlite.create(directory, { initDbStartParams })
await database.close()
