import { expect, test } from 'vitest'
import { type Manager, managerOf } from '../../src/gitops/manager.ts'
import { resources } from '../../src/kubernetes/resources.ts'

const metadataSchema = resources.namespaces.schema.shape.metadata

function manager(metadata: object): Manager {
  return managerOf(metadataSchema.parse({ name: 'web', namespace: 'shop', ...metadata }))
}

function writtenBy(...managers: readonly string[]) {
  return { managedFields: managers.map((it) => ({ manager: it })) }
}

const trackingId = (id: string) => ({ annotations: { 'argocd.argoproj.io/tracking-id': id } })
const instance = { 'app.kubernetes.io/instance': 'storefront' }
const helmLabel = { 'app.kubernetes.io/managed-by': 'Helm' }
const helmMarks = { 'meta.helm.sh/release-name': 'storefront', 'meta.helm.sh/release-namespace': 'shop' }
const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: '1', controller: true }
const argo = (application: object, certain = true) => ({ tool: 'argo-cd', application, certain })

test.each<[string, object, unknown]>([
  ['nothing', {}, { tool: 'none' }],
  ['a tracking id', trackingId('storefront:apps/Deployment:shop/web'), argo({ name: 'storefront' })],
  ['one of the core group', trackingId('storefront:/Service:shop/web'), argo({ name: 'storefront' })],
  [
    'an application in another namespace',
    trackingId('team-a_storefront:apps/Deployment:shop/web'),
    argo({ name: 'storefront', namespace: 'team-a' }),
  ],
  ['a tracking id of another object', trackingId('storefront:apps/Deployment:shop/api'), { tool: 'none' }],
  ['a tracking id of another namespace', trackingId('storefront:apps/Deployment:web/web'), { tool: 'none' }],
  ['a tracking id without an application', trackingId(':apps/Deployment:shop/web'), { tool: 'none' }],
  ['a broken tracking id', trackingId('storefront'), { tool: 'none' }],
  ['an instance label alone', { labels: instance }, argo({ name: 'storefront' }, false)],
  [
    'an instance label that Argo CD wrote',
    { labels: instance, ...writtenBy('argocd-controller') },
    argo({ name: 'storefront' }),
  ],
  [
    'an instance label that a person applied',
    { labels: instance, ...writtenBy('kubectl-client-side-apply') },
    { tool: 'kubectl' },
  ],
  ['only the name of Argo CD’s controller', writtenBy('argocd-application-controller'), argo({})],
  [
    'a chart that Argo CD rendered',
    { labels: { ...instance, ...helmLabel }, ...trackingId('storefront:apps/Deployment:shop/web') },
    argo({ name: 'storefront' }),
  ],
  [
    'a Kustomization',
    { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' } },
    { tool: 'flux', kind: 'Kustomization', application: { name: 'apps', namespace: 'flux-system' } },
  ],
  [
    'a HelmRelease, whose release Helm marks too',
    {
      labels: { 'helm.toolkit.fluxcd.io/name': 'storefront', 'helm.toolkit.fluxcd.io/namespace': 'shop', ...helmLabel },
      annotations: helmMarks,
    },
    { tool: 'flux', kind: 'HelmRelease', application: { name: 'storefront', namespace: 'shop' } },
  ],
  [
    'only the name of Flux’s controller',
    writtenBy('kustomize-controller'),
    { tool: 'flux', kind: 'Kustomization', application: {} },
  ],
  ['only that of the other', writtenBy('helm-controller'), { tool: 'flux', kind: 'HelmRelease', application: {} }],
  [
    'a release of Helm',
    { labels: helmLabel, annotations: helmMarks },
    { tool: 'helm', release: { name: 'storefront', namespace: 'shop' } },
  ],
  ['Helm’s label alone', { labels: { ...helmLabel, ...instance } }, { tool: 'helm', release: { name: 'storefront' } }],
  ['only the name of Helm', writtenBy('helm'), { tool: 'helm', release: {} }],
  [
    'a secret of External Secrets',
    { ownerReferences: [{ ...owner, apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name: 'regcred' }] },
    { tool: 'external-secrets', externalSecret: { name: 'regcred', namespace: 'shop' } },
  ],
  [
    'one that External Secrets does not own',
    { labels: { 'reconcile.external-secrets.io/managed': 'true' } },
    { tool: 'external-secrets', externalSecret: {} },
  ],
  [
    'a sealed secret that Argo CD delivers: the seal is what decides',
    {
      ownerReferences: [{ ...owner, apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', name: 'regcred' }],
      ...trackingId('storefront:/Secret:shop/web'),
    },
    { tool: 'sealed-secrets', sealedSecret: { name: 'regcred', namespace: 'shop' } },
  ],
  [
    'a secret that was sealed later',
    { annotations: { 'sealedsecrets.bitnami.com/managed': 'true' } },
    { tool: 'sealed-secrets', sealedSecret: {} },
  ],
  ['another object’s', { ownerReferences: [owner] }, { tool: 'controller', kind: 'CronJob', name: 'nightly' }],
  ['an owner that is no controller', { ownerReferences: [{ ...owner, controller: false }] }, { tool: 'none' }],
  [
    'somebody else’s ExternalSecret',
    { ownerReferences: [{ ...owner, apiVersion: 'example.com/v1', kind: 'ExternalSecret', controller: false }] },
    { tool: 'none' },
  ],
  ['a person', writtenBy('kube-controller-manager', 'kubectl-edit'), { tool: 'kubectl' }],
])('%s', (_name, metadata, expected) => {
  expect(manager(metadata)).toEqual(expected)
})
