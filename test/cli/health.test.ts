import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { runCommand } from '../support/run-command.ts'

/** A process that is alive, and cannot work now. */
async function aliveOnly(): Promise<number> {
  const server = createServer((request, response) =>
    request.url === '/healthz'
      ? response.end('{"status":"ok"}\n')
      : response.writeHead(503).end('{"store":"full","queue":"ok","slack":"ok"}\n'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port // it listens on TCP
}

test('the process at PORT is asked whether it is alive', async () => {
  vi.stubEnv('PORT', String(await aliveOnly()))
  expect(await runCommand('health')).toEqual({ code: 0, output: '{"status":"ok"}\n', errors: '' })
})

test('--ready asks whether it could work, and shows what keeps it from that', async () => {
  vi.stubEnv('PORT', String(await aliveOnly()))
  expect(await runCommand('health', '--ready')).toMatchObject({
    code: 1,
    output: expect.stringContaining('"store":"full"'),
  })
})

test('where nothing answers it is not alive', async () => {
  const port = await freePort()
  vi.stubEnv('PORT', String(port))
  expect(await runCommand('health')).toEqual({
    code: 1,
    output: '',
    errors: `Nothing answers at http://127.0.0.1:${port}/healthz.\n`,
  })
})
