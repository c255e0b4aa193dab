import { readFileSync } from 'node:fs'

/**
 * Returns a function that reads a file each time. While the file cannot be read, as in the moment of its replacement, the
 * function returns what was read last, and an empty text if there is nothing yet.
 */
export function createFileReader(file: string): () => string {
  let last = ''
  return () => {
    try {
      last = readFileSync(file, 'utf8')
    } catch {
      // The server refuses what is out of date, and the client then asks again.
    }
    return last
  }
}
