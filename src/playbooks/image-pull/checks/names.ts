import { check } from '../../../diagnosis/check.ts'
import { maybe } from '../../../diagnosis/maybe.ts'
import { thePod } from '../givens.ts'
import { thePull } from '../pull.ts'
import { owner } from './owner.ts'

/** What stands for `{namespace}`, `{pod}` … in sentences and commands of the tables. */
export interface Names {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly image: string
  /** The host that was contacted, as far as the message tells. */
  readonly host: string
  readonly node: string
  /** `deployment/my-app`; the pod itself where nobody owns it. */
  readonly owner: string
}

export const names = check({
  id: 'names',
  doing: 'Collecting names',
  needs: { pod: thePod, pull: thePull, owner: maybe(owner) },
  gather: async ({ pod, pull, owner }): Promise<Names> => ({
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    container: pull.container,
    image: pull.image,
    host: pull.said?.reading.host ?? 'the registry',
    node: pod.spec.nodeName || 'its node',
    owner:
      owner.known && owner.value ? `${owner.value.kind.toLowerCase()}/${owner.value.name}` : `pod/${pod.metadata.name}`,
  }),
})
