import type { OwnerReference, Pod } from '../kubernetes/resources.ts'

type Metadata = Pick<Pod['metadata'], 'name' | 'namespace' | 'labels' | 'annotations' | 'ownerReferences'> & {
  readonly managedFields: readonly { readonly manager: string }[]
}

/** The tool's own object that defines the managed one, as far as the managed object names it. */
interface Source {
  readonly name?: string
  readonly namespace?: string
}

/**
 * The tool that writes an object, and so the place where a change must be made to last. `certain` is false if only a label
 * that other tools also set names the tool. `none`: the metadata names no tool, which does not prove that there is none.
 */
export type Manager =
  | { readonly tool: 'argo-cd'; readonly application: Source; readonly certain: boolean }
  | { readonly tool: 'flux'; readonly kind: 'Kustomization' | 'HelmRelease'; readonly application: Source }
  | { readonly tool: 'helm'; readonly release: Source }
  | { readonly tool: 'external-secrets'; readonly externalSecret: Source }
  | { readonly tool: 'sealed-secrets'; readonly sealedSecret: Source }
  /** Another object in the cluster, such as the CronJob of a Job. Ask for the manager of that object next. */
  | { readonly tool: 'controller'; readonly kind: string; readonly name: string }
  | { readonly tool: 'kubectl' }
  | { readonly tool: 'none' }

/**
 * Finds the manager from the metadata alone. The most specific mark wins: Argo CD and Flux render Helm charts and keep
 * Helm's marks.
 */
export function managerOf(metadata: Metadata): Manager {
  return (
    fromOwner(metadata) ??
    fromTrackingId(metadata) ??
    fromFlux(metadata) ??
    fromHelm(metadata) ??
    fromFieldManagers(metadata) ??
    fromInstanceLabel(metadata) ??
    (managers(metadata).some((it) => it.startsWith('kubectl')) ? { tool: 'kubectl' } : { tool: 'none' })
  )
}

/**
 * With an ownership policy other than Owner, only the label remains:
 * https://external-secrets.io/latest/guides/ownership-deletion-policy/
 */
function fromOwner({ namespace, labels, annotations, ownerReferences }: Metadata): Manager | undefined {
  const owner = ownerReferences.find(({ controller }) => controller) ?? ownerReferences[0]
  const source = { name: owner?.name ?? '', namespace }
  if (isOf(owner, 'external-secrets.io', 'ExternalSecret')) return { tool: 'external-secrets', externalSecret: source }
  if (isOf(owner, 'bitnami.com', 'SealedSecret')) return { tool: 'sealed-secrets', sealedSecret: source }
  if (owner?.controller) return { tool: 'controller', kind: owner.kind, name: owner.name }
  if (labels['reconcile.external-secrets.io/managed'] === 'true')
    return { tool: 'external-secrets', externalSecret: {} }
  if (annotations['sealedsecrets.bitnami.com/managed'] === 'true') return { tool: 'sealed-secrets', sealedSecret: {} }
  return undefined
}

function isOf(owner: OwnerReference | undefined, group: string, kind: string): boolean {
  return owner?.kind === kind && owner.apiVersion.startsWith(`${group}/`)
}

/**
 * `shop:apps/Deployment:shop/web`. An id that names another object was copied with it, and Argo CD ignores it.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/#non-self-referencing-annotations
 */
function fromTrackingId({ name, namespace, annotations }: Metadata): Manager | undefined {
  const id = annotations['argocd.argoproj.io/tracking-id'] ?? ''
  const [application = '', , object] = id.split(':')
  return application && object === `${namespace}/${name}` ? argoCd(application) : undefined
}

/** The name of an application outside Argo CD's own namespace has that namespace in front: `team-a_shop`. */
function argoCd(application: string, certain = true): Manager {
  const underscore = application.indexOf('_')
  const name = application.slice(underscore + 1)
  const source = underscore < 0 ? { name } : { name, namespace: application.slice(0, underscore) }
  return { tool: 'argo-cd', application: source, certain }
}

/** https://fluxcd.io/flux/components/kustomize/kustomizations/ and …/helm/helmreleases/ */
function fromFlux({ labels }: Metadata): Manager | undefined {
  const kustomization = source(labels, 'kustomize.toolkit.fluxcd.io/name', 'kustomize.toolkit.fluxcd.io/namespace')
  if (kustomization) return { tool: 'flux', kind: 'Kustomization', application: kustomization }
  const release = source(labels, 'helm.toolkit.fluxcd.io/name', 'helm.toolkit.fluxcd.io/namespace')
  return release && { tool: 'flux', kind: 'HelmRelease', application: release }
}

/** Reads Helm's annotations. Helm's label alone may come from a chart that another tool rendered. */
function fromHelm({ annotations }: Metadata): Manager | undefined {
  const release = source(annotations, 'meta.helm.sh/release-name', 'meta.helm.sh/release-namespace')
  return release && { tool: 'helm', release }
}

function source(marks: Readonly<Record<string, string>>, nameKey: string, namespaceKey: string): Source | undefined {
  const name = marks[nameKey]
  const namespace = marks[namespaceKey]
  return name ? { name, ...(namespace && { namespace }) } : undefined
}

function fromFieldManagers(metadata: Metadata): Manager | undefined {
  const names = managers(metadata)
  const instance = metadata.labels['app.kubernetes.io/instance']
  if (names.some((it) => it.startsWith('argocd-')))
    return instance ? argoCd(instance) : { tool: 'argo-cd', application: {}, certain: true }
  if (names.includes('kustomize-controller')) return { tool: 'flux', kind: 'Kustomization', application: {} }
  if (names.includes('helm-controller')) return { tool: 'flux', kind: 'HelmRelease', application: {} }
  return names.includes('helm') ? { tool: 'helm', release: instance ? { name: instance } : {} } : undefined
}

/** Charts and people set this label as well. It is a hint of Argo CD only if nothing else is known. */
function fromInstanceLabel(metadata: Metadata): Manager | undefined {
  const { labels } = metadata
  const instance = labels['app.kubernetes.io/instance']
  if (labels['app.kubernetes.io/managed-by'] === 'Helm')
    return { tool: 'helm', release: instance ? { name: instance } : {} }
  const byHand = managers(metadata).some((it) => it.startsWith('kubectl'))
  return instance && !byHand ? argoCd(instance, false) : undefined
}

function managers({ managedFields }: Metadata): readonly string[] {
  return managedFields.map(({ manager }) => manager)
}
