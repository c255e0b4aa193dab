import type { Change, ObjectStore } from './api/object-store.ts'

/** Does it now, and once after every burst of such changes, until the function that it gives is called. */
export function onChanges(store: ObjectStore, matters: (change: Change) => boolean, work: () => void): () => void {
  let scheduled: NodeJS.Immediate | undefined

  function schedule(): void {
    scheduled ??= setImmediate(() => {
      scheduled = undefined
      work()
    })
  }

  const unwatch = store.watch((change) => {
    if (matters(change)) schedule()
  })
  schedule()
  return () => {
    unwatch()
    clearImmediate(scheduled)
  }
}
