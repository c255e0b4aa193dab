import { expect, test } from 'vitest'
import { resources } from '../../src/kubernetes/resources.ts'
import { isPullWaiting } from '../../src/target/pods.ts'

function podWhere(status: object) {
  return resources.pods.schema.parse({ metadata: { name: 'a' }, spec: { containers: [] }, status })
}
const waiting = (reason: string) => ({ name: 'main', state: { waiting: { reason } } })

test.each([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
  'illegal base64 data at input byte 4', // a pull secret that cannot be decoded: the reason is free text
])('%s is about an image', (reason) => {
  expect(isPullWaiting(podWhere({ containerStatuses: [waiting(reason)] }))).toBe(true)
  expect(isPullWaiting(podWhere({ initContainerStatuses: [waiting(reason)] }))).toBe(true)
  expect(isPullWaiting(podWhere({ ephemeralContainerStatuses: [waiting(reason)] }))).toBe(true)
})

test.each([
  '',
  'ContainerCreating',
  'PodInitializing',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'RunContainerError',
])('%j is not', (reason) => {
  expect(isPullWaiting(podWhere({ containerStatuses: [waiting(reason)] }))).toBe(false)
})

test('a pod whose containers run, ended, or were never begun does not wait for an image', () => {
  expect(isPullWaiting(podWhere({ containerStatuses: [{ name: 'main', state: { running: {} } }] }))).toBe(false)
  expect(isPullWaiting(podWhere({ containerStatuses: [{ name: 'main', state: { terminated: {} } }] }))).toBe(false)
  expect(isPullWaiting(podWhere({ phase: 'Pending' }))).toBe(false)
})
