import { afterEach, expect, test, vi } from 'vitest'
import {
  type Access,
  type RouteAnswer,
  type RouteRequest,
  withAccessRoutes,
} from '../../../src/registry/access/route.ts'
import { RegistryError } from '../../../src/registry/errors.ts'
import type { ApiAnswer, ApiRequest, RegistryHttp } from '../../../src/registry/http/api.ts'
import { Secret } from '../../../src/secret.ts'

afterEach(() => {
  vi.useRealTimers()
})

const service = { namespace: 'infra', name: 'registry', port: 5000, tls: false }
const credential = { source: 'secret shop/regcred', username: 'user', password: new Secret('c4n4ry') }

function request(question: ApiRequest['question'] = { service }): ApiRequest {
  return { method: 'HEAD', host: '10.43.0.9:5000', path: 'app/manifests/1', scope: '', limit: 10, question }
}

const answered: ApiAnswer = {
  answer: { url: new URL('http://10.43.0.9:5000/v2/'), status: 200, headers: {}, body: '' },
  asked: { method: 'HEAD', url: 'http://10.43.0.9:5000/v2/app/manifests/1' },
}
const refused = new RegistryError('connection-refused', 'HEAD', 'it refuses connections')

function ways(direct: () => Promise<ApiAnswer>, access: Access = 'auto', status = 200) {
  const seen: { way: string; request: RouteRequest }[] = []
  const detour =
    (way: string) =>
    async (of: RouteRequest): Promise<RouteAnswer> => {
      seen.push({ way, request: of })
      return { status, headers: {}, body: '', asked: `by ${way}` }
    }
  let requests = 0
  const http: RegistryHttp = {
    ask: () => {
      requests += 1
      return direct()
    },
    close: () => undefined,
    get requests() {
      return requests
    },
  }
  return { seen, http: withAccessRoutes(http, { proxy: detour('proxy'), exec: detour('exec') }, () => access) }
}

test('a connection from here that is answered is all', async () => {
  const { seen, http } = ways(async () => answered)
  expect(await http.ask(request())).toBe(answered)
  expect(seen).toEqual([])
})

test("where it fails, the API server's proxy is asked, and from then on at once", async () => {
  const direct = vi.fn(() => Promise.reject(refused))
  const { seen, http } = ways(direct)
  expect((await http.ask(request())).asked).toEqual({ method: 'HEAD', url: 'by proxy' })
  expect(seen[0]?.request).toMatchObject({ service, path: '/v2/app/manifests/1' })
  await http.ask(request())
  expect(direct).toHaveBeenCalledTimes(1)
  expect(http.requests).toBe(3)
})

test('where it only is slow, the first answer counts', async () => {
  vi.useFakeTimers()
  const { seen, http } = ways(() => new Promise(() => {}))
  const asking = http.ask(request())
  await vi.advanceTimersByTimeAsync(399)
  expect(seen).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect((await asking).asked.url).toBe('by proxy')
})

test('where both fail, the reason is that of the connection from here', async () => {
  const failing = withAccessRoutes(
    { ask: () => Promise.reject(refused), close: () => undefined, requests: 0 },
    { proxy: () => Promise.reject(new Error('forbidden')), exec: () => Promise.reject(new Error('forbidden')) },
    () => 'auto',
  )
  await expect(failing.ask(request())).rejects.toBe(refused)
})

test.each(['proxy', 'exec'] as const)('%s alone: no connection from here', async (access) => {
  const direct = vi.fn(async () => answered)
  const { seen, http } = ways(direct, access)
  await http.ask(request())
  expect(seen.map(({ way }) => way)).toEqual([access])
  expect(direct).not.toHaveBeenCalled()
  await expect(http.ask(request({}))).rejects.toThrow('10.43.0.9:5000 does not run in this cluster')
})

test('direct alone, and a registry elsewhere: no detour', async () => {
  for (const { seen, http } of [ways(() => Promise.reject(refused), 'direct'), ways(() => Promise.reject(refused))]) {
    await expect(http.ask(request(http.requests === 0 ? {} : { service }))).rejects.toBe(refused)
    expect(seen).toEqual([])
  }
})

test('none: nobody is asked', async () => {
  const direct = vi.fn(async () => answered)
  const { seen, http } = ways(direct, 'none')
  await expect(http.ask(request())).rejects.toThrow('is not contacted')
  expect(seen).toEqual([])
  expect(direct).not.toHaveBeenCalled()
})

test.each([401, 403])('a %i to a question without its login is no answer', async (status) => {
  const { http } = ways(() => Promise.reject(refused), 'proxy', status)
  await expect(http.ask(request({ service, credential }))).rejects.toThrow(
    'wants a login, which cannot be sent this way',
  )
  expect((await http.ask(request())).answer.status).toBe(status)
})
