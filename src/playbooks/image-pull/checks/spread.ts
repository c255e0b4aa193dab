import { check } from '../../../diagnosis/check.ts'
import { type Spread, spreadOf } from '../spread.ts'
import { neighbours } from './nodes.ts'
import { message, names } from './pod.ts'

/** Whether the failure is the node's, the registry's or the image's, as far as other pulls tell. */
export const spread = check({
  id: 'spread',
  doing: 'Comparing it with other pulls',
  needs: { message, names, neighbours },
  gather: async ({ message, names, neighbours }): Promise<Spread> => spreadOf(message, names.node, neighbours),
})
