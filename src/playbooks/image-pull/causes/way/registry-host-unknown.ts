import { maybe } from '../../../../diagnosis/check.ts'
import { message, names } from '../../checks/pod.ts'
import { manifest } from '../../checks/registry.ts'
import { spread } from '../../checks/spread.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

/** The node's DNS server does not know the name. If another node pulls from it, the name exists. */
export const registryHostUnknown = pullCause({
  id: 'registry-host-unknown',
  explains: ['dns-failure'],
  needs: { message, names, spread: maybe(spread), manifest: maybe(manifest) },
  explain({ message, names, spread, manifest }) {
    if (spread.known && spread.value.where === 'node') return undefined
    const found = presumeRow('registry-host-unknown').explain({ message, names })
    // It answers here, so the name exists, at least for others.
    return found && manifest.known ? { ...found, confidence: 'likely' } : found
  },
})
