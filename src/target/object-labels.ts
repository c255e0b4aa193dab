import { isKubernetesName } from '../kubernetes/resources.ts'
import { kubernetesKind, targetKind } from './kind.ts'
import { hasPodForm } from './owner.ts'

/** The object that labels name. Every name is one that Kubernetes allows. */
export interface NamedObject {
  readonly namespace?: string
  /** As Kubernetes writes it: `Deployment`, `Pod`. Absent where the labels do not tell. */
  readonly kind?: string
  /** Absent: the labels name the namespace alone, or nothing at all. */
  readonly name?: string
}

/** The part of an object that a label names. `kind` is the kind of the object that `workload` names. */
type Role = 'namespace' | 'pod' | 'workload' | 'kind' | 'cluster' | 'container' | Owner

/** In order of preference: a pod of a CronJob also has a Job, and a pod of a Deployment also has a ReplicaSet. */
const owners = ['cronjob', 'deployment', 'statefulset', 'daemonset', 'job', 'replicaset'] as const
type Owner = (typeof owners)[number]

export interface LabelRole {
  readonly role: Role
  /** Labels of one source describe the same object: `` (plain names), `exported`, `k8s`, `kube`, `owner`. */
  readonly source: string
}

/** The plain names of labels, and kubectl's short names. */
const roles: ReadonlyMap<string, Role> = new Map<string, Role>([
  ...([
    ['ns', 'namespace'],
    ['po', 'pod'],
    ['deploy', 'deployment'],
    ['sts', 'statefulset'],
    ['ds', 'daemonset'],
  ] as const),
  ...(['namespace', 'pod', 'cluster', 'container', ...owners] as const).map((it) => [it, it] as const),
])

/**
 * Prefixes that exporters give to their labels: OpenTelemetry (https://opentelemetry.io/docs/specs/semconv/resource/k8s/),
 * Datadog, cAdvisor, and Prometheus without honor_labels.
 */
const exporters = ['containerlabeliokubernetes', 'iokubernetes', 'resource', 'kubernetes', 'k8s', 'kube', 'exported']
/** Labels that name an object of any kind, such as `involved_object_name` and `owner_kind`. */
const objects = ['involvedobject', 'regarding', 'object', 'toplevelcontroller', 'owner', 'createdby', 'workload']
/** Characters. Longer names are not tested. */
const longest = 100

/** Finds the role of a label. undefined: it names no object. `job` alone is the name of a scrape in Prometheus. */
export function roleOf(label: string): LabelRole | undefined {
  if (label.length > longest || label === 'job' || label === 'exported_job') return undefined
  return roleOfPlain(label.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))
}

function roleOfPlain(plain: string): LabelRole | undefined {
  const role = roles.get(plain) ?? roles.get(plain.replace(/name$/, ''))
  if (role) return { role, source: '' }
  if (plain === 'name' || plain === 'kind') return { role: plain === 'name' ? 'workload' : 'kind', source: 'name' }
  if (plain === 'podnamespace') return { role: 'namespace', source: 'pod' }
  const object = objects.find((it) => plain.startsWith(it))
  if (object) return roleOfObject(plain.slice(object.length), object)
  const exporter = exporters.find((it) => plain.startsWith(it) && plain.length > it.length)
  const inner = exporter && roleOfPlain(plain.slice(exporter.length))
  if (inner) return { role: inner.role, source: `${exporter}${inner.source}` }
  return /.cluster(?:name)?$/.test(plain) ? { role: 'cluster', source: plain } : undefined
}

function roleOfObject(rest: string, object: string): LabelRole | undefined {
  if (rest === '' || rest === 'name') return { role: 'workload', source: object }
  if (rest === 'kind' || rest === 'type') return { role: 'kind', source: object }
  return rest === 'namespace' ? { role: 'namespace', source: object } : undefined
}

type Source = Partial<Readonly<Record<Role, string>>>

/**
 * Finds the object that the labels of an alert, or the fields of a text, are about. With `honor_labels` off, the plain labels
 * name kube-state-metrics itself, and the object's labels begin with `exported_`. With it on, metrics of workloads have the
 * exporter's own `pod`, so a pod that cannot belong to the workload is ignored.
 * https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
 */
export function objectOf(labels: Iterable<readonly [label: string, value: string]>): NamedObject {
  const sources = sourcesOf(labels)
  const named = [...sources].flatMap(([source, of]) => objectsIn(of, source).map((it) => ({ ...it, source })))
  const workload = named.find(({ kind }) => kind !== 'Pod')
  const pods = named.filter(({ kind }) => kind === 'Pod')
  const own = pods.find(({ name }) => !isExporter(name) && (!workload || isPodOf(name, workload.name)))
  const found = own ?? workload ?? (sources.get('exported')?.namespace === undefined ? pods[0] : undefined)
  const namespace = namespaceOf(sources, found)
  return {
    ...(namespace && { namespace }),
    ...(found?.kind && { kind: found.kind }),
    ...(found && { name: found.name }),
  }
}

/** Groups labels by source: `exported` first, then the plain ones. Ignores values that are not valid names. */
function sourcesOf(labels: Iterable<readonly [label: string, value: string]>): ReadonlyMap<string, Source> {
  const sources = new Map<string, { [role in Role]?: string }>([
    ['exported', {}],
    ['', {}],
  ])
  for (const [label, value] of labels) {
    const known = roleOf(label)
    if (!known || !isKubernetesName(value.toLowerCase())) continue
    const of = sources.get(known.source) ?? {}
    of[known.role] ??= known.role === 'kind' ? value : value.toLowerCase()
    sources.set(known.source, of)
  }
  return sources
}

interface Named {
  readonly kind?: string
  readonly name: string
  /** The namespace from the same source. */
  readonly namespace?: string
}

function objectsIn(of: Source, source: string): readonly Named[] {
  const beside = of.namespace === undefined ? {} : { namespace: of.namespace }
  const pod = of.pod === undefined ? [] : [{ kind: 'Pod', name: of.pod, ...beside }]
  const owner = owners.find((it) => of[it] !== undefined)
  if (owner) return [...pod, { ...known(kindOf(owner)), name: of[owner] ?? '', ...beside }]
  // A label `name` alone may name anything. A pod's name is recognised by its form.
  const given = source === 'name' && of.kind === undefined && hasPodForm(of.workload ?? '') ? 'Pod' : of.kind
  if (source === 'name' && given === undefined) return pod
  return [...pod, ...anyObject(of.workload, given, beside)]
}

function known(kind: string | undefined): { readonly kind?: string } {
  return kind === undefined ? {} : { kind }
}

/** Ignores objects of kinds that have no pods. */
function anyObject(name: string | undefined, given: string | undefined, beside: object): readonly Named[] {
  if (name === undefined) return []
  const kind = given === undefined ? undefined : kindOf(given)
  return given !== undefined && kind === undefined ? [] : [{ ...known(kind), name, ...beside }]
}

function kindOf(word: string): string | undefined {
  const kind = targetKind(word)
  return kind && kubernetesKind(kind)
}

function namespaceOf(sources: ReadonlyMap<string, Source>, found?: Named & { readonly source: string }) {
  const [exported, plain] = [sources.get('exported')?.namespace, sources.get('')?.namespace]
  if (found && found.source !== '' && found.namespace !== undefined) return usable(found.namespace)
  const isExporters = found?.kind === 'Pod' && isExporter(found.name)
  const others = [...sources.values()].map(({ namespace }) => namespace)
  return usable([...(isExporters ? [plain] : []), exported, plain, ...others].find((it) => it !== undefined))
}

/** Returns the namespace if it is one DNS label. */
function usable(namespace: string | undefined): string | undefined {
  return namespace !== undefined && namespace.length <= 63 && !namespace.includes('.') ? namespace : undefined
}

/** Whether the name is that of a pod of kube-state-metrics, whose metrics most alerts about workloads use. */
export function isExporter(pod: string): boolean {
  return /(?:^|-)kube-state-metrics(?:-|$)/.test(pod)
}

/** Whether a pod may belong to a workload. Generated names are cut at 63 characters, so only the beginning is compared. */
function isPodOf(pod: string, workload: string): boolean {
  return pod === workload || pod.startsWith(workload.length > 45 ? workload.slice(0, 45) : `${workload}-`)
}

/**
 * Returns the parts of a URL's query and fragment that name an object, as text: fields (`var-pod=web-1` as `pod=web-1`) and
 * paths. Empty: there are none.
 */
export function wordsOfAddress(address: string): string {
  const [, tail = ''] = /^[a-z]+:\/\/[^?#]{0,1000}[?#](.{1,2000})/i.exec(address) ?? []
  const pairs = decoded(tail)
    .split(/[?&#;\s]/)
    .slice(0, 100)
  return pairs.flatMap(wordsOfPair).join(' ')
}

function wordsOfPair(pair: string): readonly string[] {
  const [, key = '', value = pair] = /^([\w.@-]{1,80})[=:](.*)$/.exec(pair) ?? []
  const name = key.replace(/^(?:var|filter|f)-/i, '')
  if (value.startsWith('/')) return [value]
  const role = roleOf(name)?.role
  return role !== undefined && role !== 'container' && role !== 'kind' && /^[\w.-]{1,253}$/.test(value)
    ? [`${name}=${value}`]
    : inner(value)
}

/** Reads a field in the value of another one: `query=pod_name:web-1`. */
function inner(value: string): readonly string[] {
  const [, key = '', name = ''] = /^([\w.]{1,80})[:=]([\w.-]{1,253})$/.exec(value) ?? []
  return roleOf(key) ? [`${key}=${name}`] : []
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
