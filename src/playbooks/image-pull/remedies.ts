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

/**
 * A pull secret for a registry; the words in capitals are for the reader to fill in. A secret of a wrong type cannot be
 * changed, only made anew.
 */
export function createPullSecret(names: Names, host: string, secret = 'regcred', anew = false): readonly Remedy[] {
  const server = host === 'docker.io' ? 'https://index.docker.io/v1/' : host
  const create = [
    'kubectl',
    '-n',
    names.namespace,
    'create',
    'secret',
    'docker-registry',
    secret,
    `--docker-server=${server}`,
    '--docker-username=USER',
    '--docker-password=PASSWORD',
  ]
  const remove: Remedy = {
    kind: 'command',
    title: text`The type of a Secret cannot be changed: remove it first`,
    argv: ['kubectl', '-n', names.namespace, 'delete', 'secret', secret],
  }
  return [
    ...(anew ? [remove] : []),
    {
      kind: 'command',
      title: text`Write the login into ${secret} (where Git or another tool owns the secret, do it there)`,
      argv: [...create, '--dry-run=client', '-o', 'yaml'],
      into: ['kubectl', 'apply', '-f', '-'],
    },
    {
      kind: 'action',
      title: text`In Git, name ${secret} under imagePullSecrets of ${names.owner}, if it is not there`,
    },
  ]
}
