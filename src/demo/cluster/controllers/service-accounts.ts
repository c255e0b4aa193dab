import { admitObject } from '../api/admit-object.ts'
import type { Live } from '../live.ts'

/** Every namespace has a ServiceAccount `default`. */
export function serviceAccounts(live: Live): undefined {
  for (const { metadata } of live.store.list('namespaces')) {
    const place = { namespace: metadata.name, name: 'default' }
    if (live.store.get('serviceaccounts', place)) continue
    const manifest = { kind: 'ServiceAccount', metadata: { name: 'default' } }
    const by = { namespace: metadata.name, manager: 'kube-controller-manager' }
    live.store.put('serviceaccounts', admitObject(live, 'serviceaccounts', manifest, by))
  }
}
