import type { Container, Pod } from '../../kubernetes/resources.ts'
import type { WordBudget } from '../shell/word-budget.ts'

/** The ConfigMaps of a namespace that its builds name, by their names. Secrets are never read. */
export type ConfigMaps = ReadonlyMap<string, Readonly<Record<string, string>>>

/** What a container's variables stand for. null: the run alone knows, for example from a Secret. */
export type Variables = ReadonlyMap<string, string | null>

/** Characters of one value and of all, and variables of one container. */
const limits = { value: 16_384, total: 262_144, variables: 1_000 } as const

/** Facts of the pod that a variable may take over. */
export interface PodFacts {
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** Words that one variable costs, besides its characters. */
const cost = 0.1

/**
 * The variables as the kubelet makes them: `envFrom` first, then `env` in its order, each with those before it. Those behind
 * the end of the budget are left out.
 */
export function readVariables(
  container: Container,
  configMaps: ConfigMaps,
  { pod, budget }: { readonly pod: PodFacts; readonly budget: WordBudget },
): Variables {
  const variables = new Map<string, string | null>()
  let total = 0
  const set = (name: string, value: string | null): void => {
    const kept = value === null || total + value.length > limits.total ? null : value.slice(0, limits.value)
    total += kept?.length ?? 0
    budget.spend(cost, kept === null ? [] : [kept])
    variables.set(name, kept)
  }
  for (const { prefix, configMapRef } of container.envFrom.slice(0, limits.variables)) {
    const data = configMapRef && configMaps.get(configMapRef.name)
    for (const [key, value] of Object.entries(data ?? {}).slice(0, limits.variables))
      if (!budget.isSpent) set(prefix + key, value)
  }
  for (const { name, value, valueFrom } of container.env.slice(0, limits.variables)) {
    if (budget.isSpent) break
    set(
      name,
      valueFrom ? referred(valueFrom, configMaps, pod) : expandVariables(value.slice(0, limits.value), variables),
    )
  }
  return variables
}

function referred(
  { configMapKeyRef, fieldRef }: NonNullable<Container['env'][number]['valueFrom']>,
  configMaps: ConfigMaps,
  pod: PodFacts,
): string | null {
  if (configMapKeyRef) {
    const data = configMaps.get(configMapKeyRef.name)
    return data && Object.hasOwn(data, configMapKeyRef.key) ? (data[configMapKeyRef.key] ?? null) : null
  }
  const path = fieldRef?.fieldPath ?? ''
  if (path === 'metadata.namespace') return pod.namespace || null
  const [, kind, key = ''] = /^metadata\.(labels|annotations)\['([^']{1,300})'\]$/.exec(path) ?? []
  const marks = kind === 'labels' ? pod.labels : pod.annotations
  return kind && Object.hasOwn(marks, key) ? (marks[key] ?? null) : null
}

/** Characters that one word may grow to. */
const wordLimit = 65_536

/** `$(NAME)` filled in as Kubernetes does; one that is not known stays as it is written. `$$` is a dollar sign. */
export function expandVariables(word: string, variables: Variables): string {
  let length = 0
  return word.replace(/\$\$|\$\(([\w.-]{1,200})\)/g, (whole, name?: string) => {
    const value = name === undefined ? '$' : (variables.get(name) ?? whole)
    length += value.length
    return length > wordLimit ? '' : value
  })
}

type Volume = Pod['spec']['volumes'][number]
/** A ConfigMap as a volume mounts it. */
export type MountedConfigMap = NonNullable<Volume['configMap']>

/** The ConfigMaps that a volume mounts, by itself or among the sources of a projection. */
export function mountedConfigMaps({ configMap, projected }: Volume): readonly MountedConfigMap[] {
  const sources = projected?.sources.flatMap((it) => it.configMap ?? []) ?? []
  return configMap ? [configMap, ...sources] : sources
}

/** The names of ConfigMaps that variables or mounted scripts of a container come from. */
export function findConfigMaps(container: Container, volumes: readonly Volume[]): readonly string[] {
  const mounted = container.volumeMounts.flatMap((mount) => {
    const volume = volumes.find(({ name }) => name === mount.name)
    return volume ? mountedConfigMaps(volume).map(({ name }) => name) : []
  })
  const named = [
    ...container.envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? []),
    ...container.env.flatMap(({ valueFrom }) => valueFrom?.configMapKeyRef?.name ?? []),
  ]
  return [...new Set([...named, ...mounted])].filter(Boolean)
}
