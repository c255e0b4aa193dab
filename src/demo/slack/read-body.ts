import type { IncomingMessage } from 'node:http'

/** Bytes. More is nothing that an app of ours sends. */
const largestOfApps = 4 * 1024 * 1024

/** undefined: larger than so many bytes. */
export async function readBody(request: IncomingMessage, largest = largestOfApps): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= largest) chunks.push(chunk)
  }
  return size > largest ? undefined : Buffer.concat(chunks).toString('utf8')
}
