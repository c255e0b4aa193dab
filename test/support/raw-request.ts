import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** Sends these very bytes to a port of this machine. Resolves with all that comes back until the other end closes. */
export async function rawRequest(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined) // a reset after the answer
  socket.write(bytes)
  return text(socket)
}
