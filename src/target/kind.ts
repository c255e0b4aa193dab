import { type MakerResource, makerKinds } from '../kubernetes/kinds.ts'

/** The kinds that are pods or own pods, by resource name. */
export type TargetKind = 'pods' | MakerResource

// kubectl's names: singular, plural, short. See `kubectl api-resources`.
const words: Readonly<Record<TargetKind, readonly string[]>> = {
  pods: ['pod', 'pods', 'po'],
  deployments: ['deployment', 'deployments', 'deploy'],
  replicasets: ['replicaset', 'replicasets', 'rs'],
  statefulsets: ['statefulset', 'statefulsets', 'sts'],
  daemonsets: ['daemonset', 'daemonsets', 'ds'],
  replicationcontrollers: ['replicationcontroller', 'replicationcontrollers', 'rc'],
  jobs: ['job', 'jobs'],
  cronjobs: ['cronjob', 'cronjobs', 'cj'],
}
/** The kinds as Kubernetes writes them. */
const kubernetesKinds = { pods: 'Pod', ...makerKinds } as const
export type KubernetesKind = (typeof kubernetesKinds)[TargetKind]

const kinds = new Map(
  Object.entries(words).flatMap(([kind, of]) => of.map((word) => [word, kind as TargetKind])), // a key of `words`
)

/** Reads `Deployment`, `deploy` or `deployments.apps`. undefined: no such kind, or a kind without pods. */
export function targetKind(word: string): TargetKind | undefined {
  const [name = ''] = word.includes('/') ? [] : word.toLowerCase().split('.')
  return kinds.get(name)
}

/** Returns `Deployment` for `deployments`. */
export function kubernetesKind(kind: TargetKind): KubernetesKind {
  return kubernetesKinds[kind]
}

/** The values of kubectl's flags and of `@context`, and the remaining words. */
export interface Flags {
  readonly context?: string
  readonly namespace?: string
  readonly words: readonly string[]
}

/** kubectl's flags that take a value. All other flags take none. */
const meanings: Readonly<Record<string, 'namespace' | 'context' | 'ignored'>> = {
  '-n': 'namespace',
  '--namespace': 'namespace',
  '--context': 'context',
  '-c': 'ignored',
  '--container': 'ignored',
  '-o': 'ignored',
  '--output': 'ignored',
  '-l': 'ignored',
  '--selector': 'ignored',
  '--kubeconfig': 'ignored',
  '--tail': 'ignored',
  '--since': 'ignored',
  '--as': 'ignored',
}

export function readFlags(given: readonly string[]): Flags {
  const found: { context?: string; namespace?: string } = {}
  const words: string[] = []
  const queue = given.map(plainDashes)
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') break // the rest is a command that runs in the pod
    const { flag, value } = split(word)
    const meaning = Object.hasOwn(meanings, flag) ? meanings[flag] : undefined
    if (meaning) {
      const said = value ?? queue.shift()
      if (meaning !== 'ignored' && said) found[meaning] = said
    } else if (word.startsWith('@')) found.context = word.slice(1)
    else if (!word.startsWith('-')) words.push(word)
  }
  return { ...found, words }
}

/** Restores the dashes that phones replace by one long dash: `—namespace`, `–n`. */
function plainDashes(word: string): string {
  return word.replace(/^[\u2012-\u2015]/, /^.n(?:$|=)/u.test(word) ? '-' : '--')
}

/** Splits `--namespace=shop` and `-nshop`. */
function split(word: string): { readonly flag: string; readonly value?: string } {
  const [flag = '', ...values] = word.split('=')
  if (values.length > 0) return { flag, value: values.join('=') }
  return /^-n[a-z0-9]/.test(word) ? { flag: '-n', value: word.slice(2) } : { flag }
}
