import { createServer } from 'node:net'

// Below the ports that the kernel gives to outgoing connections and to `listen(0)` (ip_local_port_range of ip(7)): a program
// that starts later, or starts again, finds its port still free. Each worker of Vitest has a range of its own.
const ranges = { first: 10_000, size: 1_000, count: 20 } as const
const own = ranges.first + (Number(process.env.VITEST_POOL_ID ?? 0) % ranges.count) * ranges.size
let next = process.pid % ranges.size

/** Returns a port of 127.0.0.1 on which nothing listens, and which no other test of this run gets. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ranges.size; attempt++) {
    const port = own + next
    next = (next + 1) % ranges.size
    if (await isFree(port)) return port
  }
  throw new Error(`no port from ${own} to ${own + ranges.size - 1} is free`)
}

async function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  return promise
}
