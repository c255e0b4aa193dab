import { z } from 'zod'
import { actionNames } from './action-names.ts'
import { didYouMean } from './did-you-mean.ts'
import type { Explained } from './explain-issue.ts'

// Only the names; whatever else is wrong passes here, so that both kinds of problem are told at once.
function entries<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.array(z.object(shape).nullable().catch(null)).catch([])
}
const name = z.string().optional().catch(undefined)
const names = z.array(name).catch([])
const lists = z.object({
  clusters: entries({ name, context: name }),
  registries: entries({ host: name }),
  channels: entries({ id: name, clusters: names }),
  permissions: entries({ action: name, clusters: names }),
})

/** Names that stand twice, and clusters that are not listed. Takes the file as it is written, valid or not. */
export function nameProblems(file: unknown): readonly Explained[] {
  const { data } = lists.safeParse(file)
  if (!data) return []
  const clusters = data.clusters.map((it) => it?.name)
  const contexts = data.clusters.map((it) => it && (it.context ?? 'the current context'))
  return [
    ...repeated('clusters', 'name', clusters),
    ...repeated('clusters', 'context', contexts),
    ...repeated(
      'registries',
      'host',
      data.registries.map((it) => it?.host),
    ),
    ...repeated(
      'channels',
      'id',
      data.channels.map((it) => it?.id),
    ),
    ...unlisted(
      'channels',
      clusters,
      data.channels.map((it) => it?.clusters),
    ),
    ...unlisted(
      'permissions',
      clusters,
      data.permissions.map((it) => it?.clusters),
    ),
    ...unknownActions(data.permissions.map((it) => it?.action)),
  ]
}

/** One that is misspelt would allow nothing, and nobody would notice. What is no name at all is told elsewhere. */
function unknownActions(actions: Names): readonly Explained[] {
  return actions.flatMap((action, index) => {
    if (!action || action === '*' || !/^[a-z][a-z-]{0,60}$/.test(action)) return []
    if (actionNames.some((it) => it === action)) return []
    const says = `is ${action}, which is no action: ${didYouMean(action, [...actionNames, '*'])}`
    return [{ path: ['permissions', index, 'action'], says }]
  })
}

type Names = readonly (string | null | undefined)[]

function repeated(list: string, key: string, values: Names): readonly Explained[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value)
    if (!value || first === index) return []
    return [{ path: [list, index, key], says: `is ${value}, as is that of ${list}[${first}]: it must be its own` }]
  })
}

/** Without a list there is one cluster, whatever it is called. */
function unlisted(list: string, clusters: Names, entries: readonly (Names | undefined)[]): readonly Explained[] {
  const known = [...new Set(clusters)].filter((it) => typeof it === 'string')
  if (known.length === 0) return []
  return entries.flatMap((used, index) =>
    (used ?? []).flatMap((value, place) => {
      if (!value || value === '*' || known.includes(value)) return []
      const says = `is ${value}, which is none of the clusters: ${didYouMean(value, [...known, '*'])}`
      return [{ path: [list, index, 'clusters', place], says }]
    }),
  )
}
