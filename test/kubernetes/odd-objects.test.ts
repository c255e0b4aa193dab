import { describe, expect, test } from 'vitest'
import { createClusterClient } from '../../src/kubernetes/cluster-client.ts'
import { httpTransport } from '../../src/kubernetes/transport/http.ts'
import type { Transport } from '../../src/kubernetes/transport/transport.ts'

const job = (name: string) => ({ metadata: { name }, spec: { template: { spec: {} } } })

function listing(...items: readonly unknown[]) {
  const transport: Transport = {
    address: 'https://api.example',
    send: async () => ({ status: 200, body: JSON.stringify({ items }) }),
    async *lines(): AsyncGenerator<never> {},
    async *frames(): AsyncGenerator<never> {},
  }
  return createClusterClient(transport, { name: 'test', namespace: 'default' }).list('jobs', {})
}

describe('one odd object in a list', () => {
  test.each([
    ['no object', 'text'],
    ['null', null],
    ['without metadata', { spec: {} }],
    ['labels that are none', { ...job('odd'), metadata: { name: 'odd', labels: ['a'] } }],
    ['a number for a name', { ...job('odd'), metadata: { name: 1 } }],
  ])('%s: the others are read, and it is counted', async (_, odd) => {
    const { items, unreadable } = await listing(job('a'), odd, job('b'))
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
    expect(unreadable).toBe(1)
  })

  test('a list of nothing else is no answer', async () => {
    await expect(listing({ spec: {} })).rejects.toMatchObject({ code: 'invalid-answer' })
    expect(await listing()).toEqual({ items: [], complete: true })
  })
})

test("a kubeconfig plugin's words stay out of the message", async () => {
  const script = 'process.stderr.write("token c4n4ry-of-a-plugin"); process.exit(1)'
  const transport = httpTransport({
    context: 'test',
    namespace: 'default',
    cluster: { server: 'https://127.0.0.1:1' },
    user: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: process.execPath,
        args: ['-e', script],
        interactiveMode: 'Never',
      },
    },
  })
  const asking = createClusterClient(transport, { name: 'test', namespace: 'default' }).list('pods', {})
  const error: unknown = await asking.catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'unauthorized', cause: { message: expect.stringContaining('c4n4ry') } })
  expect(String(error)).not.toContain('c4n4ry')
})
