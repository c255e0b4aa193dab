import type { ResourceName } from '../../../kubernetes/resources.ts'
import { admitObject } from '../api/admit-object.ts'
import { jsonObject } from '../api/json-object.ts'
import type { Live } from '../live.ts'
import { recordEvent } from '../record-event.ts'
import { controllerReference } from './ownership.ts'

interface Owner {
  readonly resource: ResourceName
  readonly kind: string
  readonly metadata: { readonly namespace: string; readonly name: string; readonly uid: string }
  readonly component: string
}

/** A pod of an owner's template; by that name, or by one that is generated. */
export function makePod(
  live: Live,
  owner: Owner,
  template: unknown,
  { name, labels = {} }: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> } = {},
): void {
  const { metadata, spec } = jsonObject(template)
  const own = jsonObject(metadata)
  const pod = admitObject(
    live,
    'pods',
    {
      kind: 'Pod',
      metadata: {
        ...(name ? { name } : { generateName: `${owner.metadata.name}-` }),
        labels: { ...jsonObject(own.labels), ...labels },
        ...(own.annotations !== undefined && { annotations: own.annotations }),
        ownerReferences: [controllerReference(owner.resource, owner.kind, owner.metadata)],
      },
      spec,
    },
    { namespace: owner.metadata.namespace, manager: 'kube-controller-manager' },
  )
  live.store.put('pods', pod)
  const message = `Created pod: ${pod.metadata.name}`
  recordEvent(live, owner, { type: 'Normal', reason: 'SuccessfulCreate', message, component: owner.component })
}
