import type { Pod, ResourceName } from '../../../kubernetes/resources.ts'
import { timestamp } from '../../clock.ts'
import { apiVersionOf } from '../api/address.ts'
import { jsonObject } from '../api/store.ts'
import { admitObject } from '../api/writes/create.ts'
import { type Live, recordEvent } from '../objects.ts'

/**
 * Reconciles all objects of its kind: takes the next missing step of each. A controller has no state. Returns the milliseconds
 * until it must run again, even without a change.
 */
export type Controller = (live: Live) => number | undefined

interface Owned {
  readonly metadata: { readonly ownerReferences: readonly { readonly uid: string; readonly controller: boolean }[] }
}

/** Whether the controller with this uid owns the object. */
export function isControlledBy({ metadata }: Owned, uid: string): boolean {
  return metadata.ownerReferences.some((it) => it.controller && it.uid === uid)
}

/** Makes the owner reference of a controlled object. */
export function controllerReference(
  resource: ResourceName,
  kind: string,
  { name, uid }: { readonly name: string; readonly uid: string },
): object {
  return { apiVersion: apiVersionOf(resource), kind, name, uid, controller: true, blockOwnerDeletion: true }
}

interface Owner {
  readonly resource: ResourceName
  readonly kind: string
  readonly metadata: { readonly namespace: string; readonly name: string; readonly uid: string }
  readonly component: string
}

/** Creates a pod from an owner's template, with a given or a generated name. */
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

export function isPodReady({ status, metadata }: Pod): boolean {
  return (
    !metadata.deletionTimestamp && status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  )
}

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason?: string
  readonly message?: string
}

type Written = Readonly<Record<string, unknown>>

/** Sets a condition. Its transition time stays if its status does not change. */
export function withCondition(conditions: readonly Written[], next: Condition, now: number): readonly Written[] {
  const before = conditions.find(({ type }) => type === next.type)
  const lastTransitionTime = before?.status === next.status ? before.lastTransitionTime : timestamp(now)
  return [...conditions.filter(({ type }) => type !== next.type), { ...before, ...next, lastTransitionTime }]
}
