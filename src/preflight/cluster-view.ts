import type { Cluster, Listing, ListOptions, ObjectKey } from '../kubernetes/cluster.ts'
import { rawFields } from '../kubernetes/cluster-client.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import { type Resource, type ResourceName, resources } from '../kubernetes/resources.ts'
import type { ManifestObject } from './manifests/objects.ts'

/** Objects of manifests, by resource, each with its namespace. */
type Written = ReadonlyMap<ResourceName, readonly Resource<ResourceName>[]>

/** Kinds that change what a pod may pull. Builds count only where the cluster does not have them: it knows how they stand. */
const kinds: Readonly<Record<string, { readonly resource: ResourceName; readonly wins: 'manifest' | 'cluster' }>> = {
  Secret: { resource: 'secrets', wins: 'manifest' },
  ServiceAccount: { resource: 'serviceaccounts', wins: 'manifest' },
  ConfigMap: { resource: 'configmaps', wins: 'manifest' },
  Job: { resource: 'jobs', wins: 'cluster' },
  CronJob: { resource: 'cronjobs', wins: 'cluster' },
}

export interface ViewOptions {
  /** Of objects that name none. */
  readonly namespace: string
  /** In place of the cluster's own nodes. */
  readonly nodes?: readonly Resource<'nodes'>[] | undefined
}

/**
 * The cluster as it would be after these manifests are applied, as far as pulls depend on it. Each question is asked once;
 * the first caller's signal does not end it for the others.
 */
export function clusterView(
  cluster: Cluster,
  objects: readonly ManifestObject[],
  { namespace, nodes }: ViewOptions,
): Cluster {
  const written = new Map([...writtenIn(objects, namespace), ...(nodes ? [['nodes', nodes] as const] : [])])
  const answers = new Map<string, Promise<unknown>>()

  function once<Answer>(key: readonly unknown[], ask: () => Promise<Answer>): Promise<Answer> {
    const id = JSON.stringify(key)
    const known = answers.get(id) as Promise<Answer> | undefined // the key names the question, which has one kind of answer
    const answer = known ?? ask()
    answers.set(id, answer)
    return answer
  }

  async function get<Name extends ResourceName>(resource: Name, key: ObjectKey): Promise<Resource<Name> | undefined> {
    const own = ownOf(written, resource).find((it) => isAt(it, key))
    const asked = (): Promise<Resource<Name> | undefined> =>
      once(['get', resource, key], () => cluster.get(resource, key))
    if (!own) return asked()
    if (resource === 'nodes') return own
    if (winsOf(resource) === 'cluster') return (await asked()) ?? own
    return resource === 'serviceaccounts' ? withPullSecrets(own, await asked().catch(() => undefined)) : own
  }

  async function list<Name extends ResourceName>(
    resource: Name,
    options: ListOptions,
  ): Promise<Listing<Resource<Name>>> {
    if (resource === 'nodes' && nodes) return { items: ownOf(written, resource), complete: true }
    const listing = await once(['list', resource, options], () => cluster.list(resource, options))
    const own = ownOf(written, resource).filter((it) => isListed(it, options))
    const added = own.filter((it) => !listing.items.some((known) => isAt(known, it.metadata)))
    return added.length > 0 ? { ...listing, items: [...listing.items, ...added] } : listing
  }

  return {
    ...{ name: cluster.name, namespace: cluster.namespace, domain: cluster.domain, get, list },
    logs: (options) => once(['logs', options], () => cluster.logs(options)),
    watch: (resource, options, signal) => cluster.watch(resource, options, signal),
    proxy: (of, signal) => cluster.proxy(of, signal),
    exec: (of, signal) => cluster.exec(of, signal),
    may: (permission) => once(['may', permission], () => cluster.may(permission)),
    get requests() {
      return cluster.requests
    },
  }
}

/** No cluster at all: what manifests do not say cannot be known. */
export function noCluster(why: string): Cluster {
  const refuse = async (): Promise<never> => {
    throw new ClusterError('unreachable', why, why)
  }
  return {
    ...{ name: '', namespace: 'default', domain: 'cluster.local', requests: 0 },
    ...{ get: refuse, list: refuse, logs: refuse, proxy: refuse, exec: refuse, may: refuse },
    watch() {
      throw new ClusterError('unreachable', why, why)
    },
  }
}

function writtenIn(objects: readonly ManifestObject[], namespace: string): Written {
  const written = new Map<ResourceName, Resource<ResourceName>[]>()
  for (const object of objects) {
    const kind = Object.hasOwn(kinds, object.kind) ? kinds[object.kind] : undefined
    if (!kind) continue
    const metadata = { ...rawFields.of(rawFields.at(object.body, 'metadata')), name: object.name }
    const body = { ...rawFields.of(object.body), metadata: { ...metadata, namespace: object.namespace || namespace } }
    const parsed = resources[kind.resource].schema.safeParse(object.kind === 'Secret' ? encoded(body) : body)
    if (parsed.success) written.set(kind.resource, [...(written.get(kind.resource) ?? []), parsed.data])
  }
  return written
}

/** The API server encodes `stringData`, which wins over `data`. */
function encoded(secret: Readonly<Record<string, unknown>>): object {
  const entries = Object.entries(rawFields.of(secret.stringData)).map(([key, value]) => [
    key,
    Buffer.from(rawFields.text(value)).toString('base64'),
  ])
  return { ...secret, data: { ...rawFields.of(secret.data), ...Object.fromEntries(entries) } }
}

function ownOf<Name extends ResourceName>(written: Written, resource: Name): readonly Resource<Name>[] {
  return (written.get(resource) ?? []) as readonly Resource<Name>[] // parsed by that resource's own schema
}

function winsOf(resource: ResourceName): 'manifest' | 'cluster' {
  return Object.values(kinds).find((it) => it.resource === resource)?.wins ?? 'cluster'
}

function isAt({ metadata }: Resource<ResourceName>, { namespace, name }: ObjectKey): boolean {
  return metadata.name === name && metadata.namespace === (namespace ?? '')
}

function isListed({ metadata }: Resource<ResourceName>, { namespace, labels = {}, fields }: ListOptions): boolean {
  if (fields || (namespace !== undefined && metadata.namespace !== namespace)) return false
  return Object.entries(labels).every(([key, value]) => metadata.labels[key] === value)
}

/** `kubectl apply` leaves a field alone that the manifest does not name. */
function withPullSecrets<Name extends ResourceName>(own: Resource<Name>, known: Resource<Name> | undefined) {
  if (!known || !('imagePullSecrets' in own) || !('imagePullSecrets' in known)) return own
  return own.imagePullSecrets.length > 0 ? own : { ...own, imagePullSecrets: known.imagePullSecrets }
}
