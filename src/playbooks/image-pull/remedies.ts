import type { Reference } from '../../registry/parse-reference.ts'
import { text } from '../../text.ts'
import type { Names } from './checks/names.ts'
import type { Command, Remedy } from './finding.ts'

// Kinds whose image `kubectl set image` changes.
const settable: ReadonlySet<string> = new Set([
  'deployment',
  'statefulset',
  'daemonset',
  'replicaset',
  'replicationcontroller',
  'cronjob',
])

/** Another tag of the same repository. The command is for now; Git decides for good. */
export function useTag(names: Names, { host, repository }: Reference, tag: string): Remedy {
  const image = `${host}/${repository}:${tag}`
  const [kind = ''] = names.owner.split('/')
  if (!settable.has(kind)) return { kind: 'action', title: text`Use ${image} in Git, if that is what was meant` }
  return {
    kind: 'command',
    title: text`If ${tag} was meant, change it in Git; by hand until then`,
    argv: ['kubectl', '-n', names.namespace, 'set', 'image', names.owner, `${names.container}=${image}`],
  }
}

/** By owner where there is one: the pod itself may be replaced meanwhile. */
export function watchPod(names: Names): Command {
  const [kind = ''] = names.owner.split('/')
  const rollout = kind === 'deployment' || kind === 'statefulset' || kind === 'daemonset'
  return rollout
    ? { argv: ['kubectl', '-n', names.namespace, 'rollout', 'status', names.owner, '--timeout=5m'] }
    : { argv: ['kubectl', '-n', names.namespace, 'get', 'pod', names.pod] }
}

/** Makes the kubelet try at once instead of at the end of its back-off. Only for a pod that somebody makes again. */
export function deletePod(names: Names): Remedy {
  if (names.owner.startsWith('pod/'))
    return {
      kind: 'action',
      title: text`Wait up to five minutes for the kubelet's next try; nothing would make this bare pod again`,
    }
  return {
    kind: 'command',
    title: text`Skip the wait: its owner makes it again`,
    argv: ['kubectl', '-n', names.namespace, 'delete', 'pod', names.pod],
  }
}
