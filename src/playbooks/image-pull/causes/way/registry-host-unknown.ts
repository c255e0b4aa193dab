import { maybe } from '../../../../diagnosis/maybe.ts'
import { message } from '../../checks/message.ts'
import { names } from '../../checks/names.ts'
import { spread } from '../../checks/spread.ts'
import { presumeRow } from '../../presume-row.ts'
import { pullCause } from '../../pull-cause.ts'

/** The node's DNS server knows no such name. It does exist where another node pulls from it meanwhile. */
export const registryHostUnknown = pullCause({
  id: 'registry-host-unknown',
  explains: ['dns-failure'],
  needs: { message, names, spread: maybe(spread) },
  explain({ message, names, spread }) {
    if (spread.known && spread.value.where === 'node') return undefined
    return presumeRow('registry-host-unknown').explain({ message, names })
  },
})
