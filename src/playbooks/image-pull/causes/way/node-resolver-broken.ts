import { maybe } from '../../../../diagnosis/check.ts'
import { rowById } from '../../../../messages/rows.ts'
import { text } from '../../../../text.ts'
import { message, names } from '../../checks/pod.ts'
import { spread } from '../../checks/spread.ts'
import { pullCause } from '../../model.ts'
import { findingOfRow, presumeRow } from '../../text-causes.ts'

/** The node's DNS resolver does not answer, or says that a name does not exist although another node pulls from it. */
export const nodeResolverBroken = pullCause({
  id: 'node-resolver-broken',
  explains: ['dns-failure'],
  needs: { message, names, spread: maybe(spread) },
  explain({ message, names, spread }) {
    const presumed = presumeRow('node-resolver-broken').explain({ message, names })
    if (presumed || !spread.known || spread.value.where !== 'node') return presumed
    const unknown = rowById('registry-host-unknown')
    const found = unknown && findingOfRow(unknown, message, names)
    const broken = rowById('node-resolver-broken')
    if (!found || !broken) return undefined
    return {
      ...found,
      title: broken.title,
      summary: text`The DNS server of ${names.node} says that ${names.host} does not exist, but another node pulls from it. So the resolver of ${names.node} is wrong.`,
      confidence: 'likely',
      remedies: [
        {
          kind: 'action',
          title: text`Compare /etc/resolv.conf of ${names.node} with that of a node that pulls, and ask both DNS servers for ${names.host}`,
        },
        { kind: 'command', title: text`Until then, keep new pods off it`, argv: ['kubectl', 'cordon', names.node] },
      ],
    }
  },
})
