/** What a person named, before the cluster is asked. */
export interface Target {
  readonly context?: string
  readonly namespace?: string
  /** Absent: a pod, or the beginning of a pod's or an owner's name. */
  readonly kind?: TargetKind
  readonly name: string
}

export type TargetKind =
  | 'pods'
  | 'deployments'
  | 'replicasets'
  | 'statefulsets'
  | 'daemonsets'
  | 'replicationcontrollers'
  | 'jobs'
  | 'cronjobs'

export type ParsedTarget =
  | { readonly valid: true; readonly target: Target }
  | { readonly valid: false; readonly reason: string }

// kubectl's own names: singular, plural, short. See `kubectl api-resources`.
const kinds: Readonly<Record<string, TargetKind>> = {
  pod: 'pods',
  pods: 'pods',
  po: 'pods',
  deployment: 'deployments',
  deployments: 'deployments',
  deploy: 'deployments',
  replicaset: 'replicasets',
  replicasets: 'replicasets',
  rs: 'replicasets',
  statefulset: 'statefulsets',
  statefulsets: 'statefulsets',
  sts: 'statefulsets',
  daemonset: 'daemonsets',
  daemonsets: 'daemonsets',
  ds: 'daemonsets',
  replicationcontroller: 'replicationcontrollers',
  replicationcontrollers: 'replicationcontrollers',
  rc: 'replicationcontrollers',
  job: 'jobs',
  jobs: 'jobs',
  cronjob: 'cronjobs',
  cronjobs: 'cronjobs',
  cj: 'cronjobs',
}

/** Of what a person may paste; more is no target. */
const lengthLimit = 1_000
const verbs: ReadonlySet<string> = new Set([
  'kubectl',
  'k',
  'get',
  'describe',
  'logs',
  'delete',
  'diagnose',
  '/imagepull',
  'imagepull',
])
const namespaceFlags: ReadonlySet<string> = new Set(['-n', '--namespace'])

/**
 * `pod`, `namespace/pod`, `kind/name`, the beginning of a name, `@context` in front; also a line of `kubectl get pods`
 * or a kubectl command, with the quotes that chat programs make. A known kind wins over a namespace of that name.
 */
export function parseTarget(pasted: string): ParsedTarget {
  if (pasted.length > lengthLimit) return invalid(`A target has at most ${lengthLimit} characters.`)
  const words = pasted
    .replaceAll(/[`'"\u2018\u2019\u201c\u201d]/g, ' ')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
  const { context, namespace, rest } = flagsOf(words)
  const named = namedIn(rest)
  if (!named) return invalid('Name a pod: for example my-app-5d9cf86b95-26kvf, shop/my-app, or deployment/my-app.')
  const { kind, name } = named
  const within = named.namespace ?? namespace
  const wrong = [name, within].find((it) => it !== undefined && !isKubernetesName(it))
  if (wrong !== undefined)
    return invalid(`"${wrong}" is not a Kubernetes name: those have lower-case letters, digits, "-" and ".".`)
  return {
    valid: true,
    target: { name, ...(kind && { kind }), ...(within && { namespace: within }), ...(context && { context }) },
  }
}

interface Flags {
  readonly context?: string
  readonly namespace?: string
  readonly rest: readonly string[]
}

function flagsOf(words: readonly string[]): Flags {
  let context: string | undefined
  let namespace: string | undefined
  const rest: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const [flag = '', value] = word.split('=', 2)
    if (namespaceFlags.has(flag)) namespace = value ?? words[++index]
    else if (flag === '--context') context = value ?? words[++index]
    else if (word.startsWith('@')) context = word.slice(1)
    else if (!word.startsWith('-')) rest.push(word)
  }
  return { ...(context && { context }), ...(namespace && { namespace }), rest }
}

type Named = Pick<Target, 'kind' | 'name' | 'namespace'>

function namedIn(words: readonly string[]): Named | undefined {
  const [first, second, third] = words.filter((word) => !verbs.has(word))
  if (!first) return undefined
  const kind = kindOf(first)
  if (kind && second && !first.includes('/')) return { kind, name: second }
  if (first.includes('/')) return slashed(first)
  // A line of `kubectl get pods -A` begins with the namespace, and has READY (0/1) as its third column.
  if (second && third && /^\d+\/\d+$/.test(third)) return { namespace: first, name: second }
  return { name: first }
}

function slashed(word: string): Named | undefined {
  const [first = '', second = '', third] = word.split('/')
  const kind = kindOf(first)
  if (third !== undefined) {
    const inner = kindOf(second)
    return inner && { namespace: first, kind: inner, name: third }
  }
  return kind ? { kind, name: second } : { namespace: first, name: second }
}

/** `deployments.apps` is `deployments` too. */
function kindOf(word: string): TargetKind | undefined {
  const [name = ''] = word.toLowerCase().split('.')
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined
}

/** RFC 1123, as Kubernetes applies it to most names; the beginning of one may end with a dash. */
function isKubernetesName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9][a-z0-9.-]*$/.test(name)
}

function invalid(reason: string): ParsedTarget {
  return { valid: false, reason }
}
