import type { Pod } from '../../../kubernetes/resources.ts'

export function isPodReady({ status, metadata }: Pod): boolean {
  return (
    !metadata.deletionTimestamp && status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  )
}
