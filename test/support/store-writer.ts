import { openStore } from '../../src/store/open.ts'

// A process that writes records to the embedded store until it is killed: `node store-writer.ts DIRECTORY`. Prints the
// number of each record that was written.

const opened = await openStore({ dataDirectory: process.argv[2] ?? '', keep: 600_000, onError: console.error })
for (let number = 1; ; number++) {
  await opened.store.write('incident', `record-${number}`, { number }, { revision: 0, list: 'open' })
  process.stdout.write(`${number}\n`)
}
