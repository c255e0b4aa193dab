import { expect, test } from 'vitest'
import { relocationOf } from '../../../src/playbooks/image-pull/checks/relocated.ts'
import { referenceOf } from '../../../src/playbooks/image-pull/evidence/answers.ts'

const newPlace = (image: string): string | undefined => {
  const move = relocationOf(referenceOf(image) ?? expect.fail(image))
  return move && `${move.to.host}/${move.to.repository}`
}

test.each([
  ['bitnami/redis:7.2', 'docker.io/bitnamilegacy/redis'],
  ['docker.io/bitnami/postgresql:16', 'docker.io/bitnamilegacy/postgresql'],
  ['k8s.gcr.io/ingress-nginx/controller:v1.1', 'registry.k8s.io/ingress-nginx/controller'],
  ['eu.k8s.gcr.io/pause:3.2', 'registry.k8s.io/pause'],
  ['gcr.io/google_containers/pause-amd64:3.0', 'registry.k8s.io/pause-amd64'],
  ['gcr.io/kubernetes-helm/tiller:v2.16.0', 'ghcr.io/helm/tiller'],
  ['docker.pkg.github.com/shop/web/web:1', 'ghcr.io/shop/web/web'],
])('%s is at %s now', (image, place) => {
  expect(newPlace(image)).toBe(place)
})

test.each([
  'bitnamilegacy/redis:7',
  'bitnamix/redis:7',
  'bitnami',
  'r.test/bitnami/redis:7',
  'gcr.io/distroless/static',
  'nginx',
])('nobody moved %s', (image) => {
  expect(newPlace(image)).toBeUndefined()
})
