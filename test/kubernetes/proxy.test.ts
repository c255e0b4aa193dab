import { describe, expect, test } from 'vitest'
import { createClusterClient } from '../../src/kubernetes/cluster-client.ts'
import type { Answer, Question } from '../../src/kubernetes/transport/transport.ts'

const service = { namespace: 'infra', name: 'registry', port: 5000, tls: false }
const of = {
  service,
  method: 'GET',
  path: '/v2/_catalog?n=100',
  accept: 'application/json',
  limitBytes: 1_000,
} as const

function clusterThat(answer: Answer) {
  const asked: Question[] = []
  const transport = {
    address: 'https://api.test',
    send: async (question: Question) => {
      asked.push(question)
      return answer
    },
    async *lines(): AsyncGenerator<never> {},
    async *frames(): AsyncGenerator<never> {},
  }
  return { asked, cluster: createClusterClient(transport, { name: 'test', namespace: 'default' }) }
}

describe('a question to a Service through the API server', () => {
  test("gives the Service's answer, whatever it is", async () => {
    const { asked, cluster } = clusterThat({ status: 503, body: '{"errors":[]}', headers: { link: '<x>' } })
    expect(await cluster.proxy(of)).toEqual({
      status: 503,
      body: '{"errors":[]}',
      headers: { link: '<x>' },
      path: '/api/v1/namespaces/infra/services/registry:5000/proxy/v2/_catalog?n=100',
    })
    expect(asked).toHaveLength(1) // a 503 of somebody else is no reason to ask again
  })

  test('over TLS has its scheme in front of the name', async () => {
    const { asked, cluster } = clusterThat({ status: 200, body: '' })
    await cluster.proxy({ ...of, service: { ...service, tls: true } })
    expect(asked[0]?.path).toContain('/services/https:registry:5000/proxy/')
  })

  test.each([
    [403, '{"kind":"Status","message":"services \\"registry\\" is forbidden"}', 'forbidden'],
    [503, '{"kind":"Status","message":"no endpoints available for service \\"registry\\""}', 'unreachable'],
    [503, '{"kind":"Status","message":"the server is currently unable to handle the request"}', 'overloaded'],
    [
      503,
      '{"kind":"Status","message":"error trying to reach service: dial tcp 10.42.0.7:5999: connect: connection refused"}',
      'unreachable',
    ],
    [503, 'error trying to reach service: dial tcp 10.42.0.7:5000: connect: connection refused', 'unreachable'],
  ])('throws where the API server speaks for itself: %i %s', async (status, body, code) => {
    await expect(clusterThat({ status, body }).cluster.proxy(of)).rejects.toMatchObject({ code })
  })
})
