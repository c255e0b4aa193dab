import { type AddressInfo, createServer } from 'node:net'

/** The wanted port of 127.0.0.1; any free one where somebody has it. */
export async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted
}

async function tryPort(port: number): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  const server = createServer()
  server.once('error', () => resolve(undefined))
  server.listen(port, '127.0.0.1', () => {
    const { port: own } = server.address() as AddressInfo // it listens on TCP
    server.close(() => resolve(own))
  })
  return promise
}
