import { setImmediate } from 'node:timers/promises'

/**
 * Maps a list, and lets other work of the process run after every `size` items. For lists whose length somebody else
 * decides: one of them must not keep the event loop busy, because leases, acknowledgements and health checks wait for it.
 */
export async function mapInTurns<Item, Result>(
  items: Iterable<Item>,
  size: number,
  map: (item: Item) => Result,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const item of items) {
    if (results.length > 0 && results.length % size === 0) await setImmediate()
    results.push(map(item))
  }
  return results
}
