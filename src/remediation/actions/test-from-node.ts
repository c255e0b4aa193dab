import { z } from 'zod'
import { isKubernetesName } from '../../kubernetes/resources.ts'
import { text } from '../../text.ts'
import { action, type Offering } from '../action.ts'
import { rightsIn } from '../action-id.ts'
import { runProbe } from '../steps/probe.ts'
import { cutName } from './wording.ts'

const detailsSchema = z.object({
  node: z.string(),
  host: z.string(),
  namespace: z.string(),
  image: z.string(),
})
type Details = z.infer<typeof detailsSchema>

/** A host as an image names it, with or without a port. Nothing in it can be mistaken for an option. */
const hostForm = /^(?:[a-z0-9][a-z0-9.-]{0,252}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/

/** Tests the registry from the node itself, with a pod in the node's network. It is off unless it is configured. */
export const testFromNode = action<Details>({
  id: 'test-from-node',
  label: 'Test from node',
  who: 'permitted',
  checkedAnew: true,
  details: detailsSchema,

  offer({ facts, incident, settings }): Offering {
    if (!settings.testFromNode || facts.failing.at !== 'way') return undefined
    const { node, host } = incident.subject
    if (!node) return { offered: 'no', reason: text`its node is not known` }
    return hostForm.test(host) && isKubernetesName(node) ? { offered: 'button' } : undefined
  },

  async plan({ incident, settings }) {
    const { node, host } = incident.subject
    if (!settings.testFromNode) return { refused: text`It is not enabled.` }
    const { namespace, image } = settings.testFromNode
    return {
      namespace: incident.subject.namespace,
      target: { kind: 'Node', namespace: '', name: node, uid: '' },
      details: { node, host, namespace, image },
      confirm: {
        title: 'Test from the node?',
        yes: 'Test',
        sentences: [
          `Runs a small pod on ${cutName(node)} in ${cutName(incident.cluster, 30)}, with the node's network, for a minute at most: DNS, TCP, TLS and /v2/ of ${cutName(host, 60)}.`,
          'It sees neither the mirrors nor the proxy of the runtime. The pod is removed afterwards.',
        ],
      },
    }
  },

  needs: ({ namespace }) => rightsIn('test-from-node', namespace),
  steps: [runProbe((details) => details)],
})
