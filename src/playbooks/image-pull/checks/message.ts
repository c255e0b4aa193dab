import { check } from '../../../diagnosis/check.ts'
import { thePull } from '../pull.ts'

/** What the kubelet says about this container, as a fact that causes may need. */
export const message = check({
  id: 'message',
  doing: 'Reading what the kubelet says',
  needs: { pull: thePull },
  gather: async ({ pull }) => pull,
})
