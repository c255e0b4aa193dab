import { resources } from '../../../kubernetes/resources.ts'
import type { ApiAddress } from './api-address.ts'
import type { ApiContext } from './api-context.ts'
import type { ApiAnswer } from './api-request.ts'
import { notFoundAnswer } from './not-found-answer.ts'
import { statusAnswer } from './status-answer.ts'

/** A container's log, or why there is none: pkg/kubelet/kubelet_pods.go, validateContainerLogStatus. */
export function readLog({ store, options }: ApiContext, { namespace, name, query }: ApiAddress): ApiAnswer {
  const object = store.get('pods', { namespace, name })
  if (!object) return notFoundAnswer('pods', name)
  const pod = resources.pods.schema.parse(object)
  const all = [...pod.spec.initContainers, ...pod.spec.containers]
  const container = query.get('container') ?? pod.spec.containers[0]?.name ?? ''
  if (!all.some((it) => it.name === container))
    return statusAnswer(400, `container ${container} is not valid for pod ${name}`)
  const previous = query.get('previous') === 'true'
  const key = `${namespace}/${name}/${container}${previous ? ' previous' : ''}`
  const log = options.logs?.[key] ?? options.nodes?.logOf(key)
  if (log !== undefined) return { status: 200, headers: { 'content-type': 'text/plain' }, body: tail(log, query) }
  const where = `container "${container}" in pod "${name}"`
  if (previous) return statusAnswer(400, `previous terminated ${where} not found`)
  const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses]
  const reason = statuses.find((it) => it.name === container)?.state.waiting?.reason ?? ''
  return statusAnswer(400, `${where} is waiting to start: ${whys[reason] ?? (reason || 'no logs yet')}`)
}

const whys: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
}

function tail(log: string, query: URLSearchParams): string {
  const wanted = query.get('tailLines')
  const lines = log.split('\n')
  const last = wanted === null ? lines : lines.slice(-Number(wanted) - (log.endsWith('\n') ? 1 : 0))
  return last.join('\n').slice(0, Number(query.get('limitBytes') ?? Number.POSITIVE_INFINITY))
}
