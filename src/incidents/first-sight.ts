import { z } from 'zod'
import { records } from '../store/records.ts'
import type { Failure } from './failure.ts'
import type { IncidentWorld } from './incident-world.ts'
import type { Sight } from './see.ts'
import { subjectKey, subjectOf } from './subject-key.ts'
import { summarise } from './summarise.ts'

const version = 1
const schema = z.object({
  version: z.literal(version),
  /** Failures that were there when the cluster was first looked at, and have been ever since. */
  known: z.array(z.string()),
})

/** So many incidents at the first start are told one by one. */
const few = 3
const mostKnown = 5_000

/** What is known of a cluster from its first look. */
export interface FirstSight {
  /** Nobody has looked at it yet, and somebody wants to be told. */
  readonly isFirst: boolean
  /** The failures that are news. What had failed before the first look was told in one summary. */
  without(strays: readonly Failure[], sight: Sight): Promise<readonly Failure[]>
}

export async function firstSight(world: IncidentWorld, cluster: string): Promise<FirstSight> {
  const kept = records(world.store, 'setting', { schema, version, substitute: true })
  const id = `first look at ${cluster}`
  const before = await kept.read(id)
  const wanted = world.routes.tells(cluster, 'alerts') || world.routes.tells(cluster, 'look')

  async function begin(strays: readonly Failure[], sight: Sight): Promise<readonly Failure[]> {
    const keys = new Set(strays.map((failure) => subjectKey(subjectOf(undefined, failure.at), failure)))
    const many = keys.size > few
    const known = many ? [...new Set(strays.map(lasting))].slice(0, mostKnown) : []
    if (many) await summarise(world, cluster, strays, sight)
    await kept.change(id, () => ({ value: { version, known } }))
    return many ? [] : strays
  }

  async function goOn(known: readonly string[], strays: readonly Failure[], sight: Sight): Promise<readonly Failure[]> {
    if (known.length === 0) return strays
    const failing = new Set(sight.failures.map(lasting))
    const still = known.filter((it) => failing.has(it))
    if (still.length < known.length) await kept.change(id, () => ({ value: { version, known: still } }))
    const old = new Set(still)
    return strays.filter((failure) => !old.has(lasting(failure)))
  }

  return {
    isFirst: !before && wanted,
    async without(strays, sight) {
      if (before) return goOn(before.known, strays, sight)
      return wanted ? begin(strays, sight) : strays
    },
  }
}

/** The same while one workload fails with one image, whatever its pods are called and the kubelet says. */
function lasting({ workload, image }: Failure): string {
  return `${workload.key} ${image}`
}
