import { text } from '../../../../text.ts'
import { type RegistryBackend, registryBackend } from '../../checks/cluster-registry.ts'
import { message } from '../../checks/pod.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { type Evidence, pullCause, type Remedy } from '../../model.ts'
import { rowCause } from '../../text-causes.ts'
import { pullStalled } from '../kubelet/pull-stalled.ts'

/** A registry in the cluster whose Service has no ready pod. */
export const registryDown = pullCause({
  id: 'registry-down',
  explains: [
    ...['registry-refused', 'registry-timeout', 'registry-server-error', 'connection-reset'].map(rowCause),
    pullStalled,
  ],
  needs: { backend: registryBackend, message },
  explain({ backend, message }) {
    if (!backend || backend.readyEndpoints > 0) return undefined
    const { namespace, service } = backend
    return {
      title: 'Registry down',
      summary: text`The registry runs in this cluster, and its Service ${namespace}/${service} has no ready pod.`,
      confidence: 'proven',
      because: [...endpoints(backend), ...kubeletSays(message)],
      remedies: [
        ...backend.pods.flatMap(repairOwnPull(namespace)).slice(0, 1),
        {
          kind: 'command',
          title: text`Find out why it has no ready pod`,
          argv: ['kubectl', '-n', namespace, 'get', 'deployments,statefulsets,pods'],
        },
        {
          kind: 'command',
          title: text`Read its events`,
          argv: ['kubectl', '-n', namespace, 'get', 'events', '--sort-by=.lastTimestamp'],
        },
      ],
      verify: [
        { argv: ['kubectl', '-n', namespace, 'get', 'endpointslices', '-l', `kubernetes.io/service-name=${service}`] },
      ],
      prevent: [],
    }
  },
})

/** A registry that waits for an image is an incident of its own, and comes first. */
function repairOwnPull(namespace: string): (pod: RegistryBackend['pods'][number]) => readonly Remedy[] {
  return ({ name, pull }) =>
    pull
      ? [
          {
            kind: 'action',
            title: text`First make its own image ${pull.image} available: ask imagepull about ${namespace}/${name}`,
          },
        ]
      : []
}

function endpoints({ namespace, service, pods, selects }: RegistryBackend): readonly Evidence[] {
  const source = `EndpointSlices and pods of Service ${namespace}/${service}`
  const none: Evidence = { says: text`the Service ${service} has no ready endpoint`, source, confidence: 'proven' }
  if (!selects) return [none]
  if (pods.length === 0)
    return [
      none,
      { says: text`no pod has the Service's labels: is it scaled to 0, or gone?`, source, confidence: 'proven' },
    ]
  const troubled = pods.map((pod): Evidence => {
    const pull = pod.pull ? text` of ${pod.pull.image}${pod.pull.reads ? ` (${pod.pull.reads})` : ''}` : text``
    const why = pod.trouble ? text`: ${pod.trouble}${pull}` : text``
    return { says: text`pod ${pod.name} is not ready${why}, ${pod.restarts} restarts`, source, confidence: 'proven' }
  })
  return [none, ...troubled]
}
