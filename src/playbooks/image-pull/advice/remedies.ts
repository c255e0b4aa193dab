import type { Manager } from '../../../gitops/manager.ts'
import { counted, type Text, text } from '../../../text.ts'
import type { Names } from '../checks/pod.ts'
import type { NamedSecret } from '../checks/pull-secrets.ts'
import type { Command, Remedy } from '../model.ts'

// Kinds whose image `kubectl set image` changes.
const settable: ReadonlySet<string> = new Set([
  'deployment',
  'statefulset',
  'daemonset',
  'replicaset',
  'replicationcontroller',
  'cronjob',
])

/** The same image with another tag, in the words of whoever wrote it: a short name stays short. */
export function withTag(image: string, tag: string): string {
  const [name = ''] = image.split('@')
  return `${name.replace(/:[^:/]*$/, '')}:${tag}`
}

/** Until Git says the same; none for a bare pod, whose image no command changes. */
export function setImage(names: Names, image: string): readonly Remedy[] {
  const [kind = ''] = names.owner.split('/')
  if (!settable.has(kind)) return []
  const argv = ['kubectl', '-n', names.namespace, 'set', 'image', names.owner, `${names.container}=${image}`]
  return [{ kind: 'command', title: text`Or apply it by hand until Git is updated`, argv }]
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
      title: text`Wait up to five minutes for the kubelet's next try; do not delete this pod, because nothing would recreate it`,
    }
  return {
    kind: 'command',
    title: text`Or delete the pod to skip the wait: its owner recreates it`,
    argv: ['kubectl', '-n', names.namespace, 'delete', 'pod', names.pod],
  }
}

interface PullSecretToWrite {
  readonly name?: string | undefined
  /** Who wrote the secret that is there. */
  readonly manager?: Manager | undefined
  /** The one that is there has to go first. */
  readonly anew?: boolean
}

/** Where a change of a secret lasts. undefined: here, as far as is seen. */
function placeOf(manager: Manager): Text | undefined {
  if (manager.tool === 'external-secrets')
    return text`ExternalSecret ${manager.externalSecret.name ?? ''} and the store behind it`
  if (manager.tool === 'sealed-secrets')
    return text`SealedSecret ${manager.sealedSecret.name ?? ''}, sealed again in Git`
  if (manager.tool === 'argo-cd') return text`the Argo CD application ${manager.application.name ?? ''}`
  if (manager.tool === 'flux') return text`the Flux ${manager.kind} ${manager.application.name ?? ''}`
  return manager.tool === 'helm' ? text`the Helm release ${manager.release.name ?? ''}` : undefined
}

/** The pull secret that is there gets a login that works. `held`: what is known of it. */
export function correctPullSecret(names: Names, host: string, name: string, held?: NamedSecret): readonly Remedy[] {
  const entries = held?.secret?.entries.length ?? 0
  const place = held?.manager && placeOf(held.manager)
  // Written anew, a secret holds that one login alone.
  if (entries < 2 || place) return createPullSecret(names, host, { name, manager: held?.manager })
  return [
    {
      kind: 'action',
      title: text`Correct the login for ${host} in ${name}, and keep the others: it holds ${counted(entries, 'login')}`,
    },
  ]
}

/**
 * A pull secret for a registry; the words in capitals are for the reader to fill in. A secret of a wrong type cannot be
 * changed, only made anew.
 */
export function createPullSecret(
  names: Names,
  host: string,
  { name: secret = 'regcred', manager, anew = false }: PullSecretToWrite = {},
): readonly Remedy[] {
  const place = manager && placeOf(manager)
  if (place)
    return [
      {
        kind: 'action',
        title: text`Put the login for ${host} into the source of ${secret}, not into the secret itself: ${place}`,
      },
    ]
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
    title: text`First delete the Secret, because its type cannot be changed`,
    argv: ['kubectl', '-n', names.namespace, 'delete', 'secret', secret],
  }
  return [
    ...(anew ? [remove] : []),
    {
      kind: 'command',
      title: text`Put the login into ${secret}`,
      argv: [...create, '--dry-run=client', '-o', 'yaml'],
      into: ['kubectl', 'apply', '-f', '-'],
    },
  ]
}
