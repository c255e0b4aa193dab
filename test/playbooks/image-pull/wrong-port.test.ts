import { expect, test } from 'vitest'
import { wrongPort } from '../../../src/playbooks/image-pull/advice/network-path.ts'
import type { RegistryService } from '../../../src/playbooks/image-pull/checks/cluster-registry.ts'
import { plain } from '../../../src/text.ts'
import { inCluster } from '../../support/situation-of.ts'

const pull = { container: 'web', image: '10.43.0.9:5001/web:1' }
const service = (of: Partial<RegistryService>) =>
  ({ known: true, value: { ...inCluster, port: 5_001, own: undefined, ...of } }) as const

test('a Service with one port: it was meant', () => {
  const found = wrongPort(pull, service({ ports: [5_000] }))
  expect(found && plain(found.evidence.says)).toBe('Service infra/registry has port 5000, and not 5001')
  expect(found?.edit?.change).toEqual({
    ...{ field: 'image', container: 'web' },
    ...{ from: '10.43.0.9:5001/web:1', to: '10.43.0.9:5000/web:1' },
  })
})

test('a name and an IPv6 address keep their form', () => {
  const change = (image: string) => wrongPort({ ...pull, image }, service({ ports: [80] }))?.edit?.change
  expect(change('[fd00::1]:5001/a/b:1@sha256:00')).toMatchObject({ to: '[fd00::1]:80/a/b:1@sha256:00' })
  expect(change('registry.infra.svc:5001/web')).toMatchObject({ to: 'registry.infra.svc:80/web' })
})

test.each([
  ['several ports', { ports: [80, 443] }, 'has port 80, 443, and not 5001'],
  ['none', { ports: [] }, 'has no port'],
])('%s: nobody guesses', (_name, of, says) => {
  const found = wrongPort(pull, service(of))
  expect(found && plain(found.evidence.says)).toContain(says)
  expect(found?.edit).toBeUndefined()
})

test('an image without a port, which means 443, is not rewritten', () => {
  expect(wrongPort({ ...pull, image: 'registry.infra.svc/web' }, service({ ports: [80] }))?.edit).toBeUndefined()
})

test.each([
  ['it has the port', { known: true, value: inCluster } as const],
  ['no Service of this cluster', { known: true, value: undefined } as const],
  ['nobody could look', { known: false, reason: 'forbidden' } as const],
])('nothing where %s', (_name, seen) => {
  expect(wrongPort(pull, seen)).toBeUndefined()
})
