import { z } from 'zod'
import type { Check, Observation } from '../../diagnosis/check.ts'
import { type Pod, resources } from '../../kubernetes/resources.ts'
import { redactJson } from '../../secret.ts'

const version = 1

const observation = z.union([
  z.object({ known: z.literal(true), value: z.unknown().optional() }),
  z.object({ known: z.literal(false), reason: z.string(), code: z.string().exactOptional() }),
])

const schema = z.object({
  imagepull: z.literal(version, { error: `facts of another version than ${version}` }),
  cluster: z.string(),
  /** When the facts were seen: RFC 3339. */
  time: z.iso.datetime(),
  pod: resources.pods.schema,
  facts: z.record(z.string(), z.record(z.string(), observation)),
})

/** What one diagnosis saw, so that it can be judged again elsewhere: a bug report that can be replayed. */
export type SavedFacts = z.infer<typeof schema>

/** Throws ZodError, or SyntaxError where it is no JSON. */
export function parseSavedFacts(json: string): SavedFacts {
  return schema.parse(JSON.parse(json))
}

/** Collects answers as they come. `json` has only fields that are evidence, each of them redacted. */
export function factsRecorder(cluster: string, pod: Pod, time: Date) {
  const facts: Record<string, Record<string, Observation<unknown>>> = {}
  const remember = (path: string, { id }: Check<unknown>, of: Observation<unknown>): void => {
    facts[path] = { ...facts[path], [id]: of }
  }
  const json = (): string => {
    const kept = { imagepull: version, cluster, time: time.toISOString(), ...evidenceOf({ pod, facts }) }
    return JSON.stringify(kept, undefined, 1)
  }
  return { remember, json }
}

/** Plain JSON: what has a `toJSON`, as a `Secret` has, says here what it says to everybody. */
function evidenceOf(seen: { readonly pod: Pod; readonly facts: object }): object {
  const plain: unknown = JSON.parse(JSON.stringify(seen))
  return { ...(redactJson(withoutPrivateFields(plain)) as object) } // an object stays one
}

/** The other direction: what `recall` of a diagnosis takes. Nothing that was not saved is known. */
export function recallFrom(saved: SavedFacts): (path: string, id: string) => Observation<unknown> {
  return (path, id) => {
    const known = saved.facts[path]?.[id]
    if (!known) return { known: false, reason: 'it is not among the saved facts' }
    // JSON leaves out what is undefined, which is an answer too: "there is none".
    return known.known ? { known: true, value: known.value } : known
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Of a container. Its environment, arguments, command, probes and hooks may hold anything, and are evidence of nothing here. */
const containerFields = ['name', 'image', 'imagePullPolicy', 'ports', 'resources', 'readinessProbe'] as const

/** Of the spec of a pod or of a pod template. */
const podFields = [
  'initContainers',
  'containers',
  'ephemeralContainers',
  'imagePullSecrets',
  'serviceAccountName',
  'nodeName',
  'restartPolicy',
  'volumes',
  'hostNetwork',
] as const

/** Of a volume: where images or blobs may be, and no configuration of drivers. */
const volumeFields = ['name', 'image', 'emptyDir', 'persistentVolumeClaim', 'hostPath'] as const

/** Labels and annotations by which tools, controllers and clouds say whose an object is: each is a name, and not a secret. */
const marks =
  /^(?:app\.kubernetes\.io\/|batch\.kubernetes\.io\/|apps\.kubernetes\.io\/|(?:beta\.)?kubernetes\.io\/(?:arch|os|hostname|service-name)$|node\.kubernetes\.io\/|node-role\.kubernetes\.io\/|topology\.kubernetes\.io\/|helm\.sh\/chart$|meta\.helm\.sh\/release-|argocd\.argoproj\.io\/(?:instance|tracking-id)$|(?:kustomize|helm)\.toolkit\.fluxcd\.io\/(?:name|namespace)$|reconcile\.external-secrets\.io\/managed$|sealedsecrets\.bitnami\.com\/managed$|deployment\.kubernetes\.io\/revision$|imagepull\.dev\/|eks\.amazonaws\.com\/|alpha\.eksctl\.io\/|karpenter\.k8s\.aws\/|cloud\.google\.com\/gke-|kubernetes\.azure\.com\/|(?:job-name|controller-uid|pod-template-hash|controller-revision-hash)$)/
/** Characters. Longer than any name of an object with its namespace. */
const markLength = 512

/**
 * Plain JSON data with only those fields of Kubernetes objects that are evidence, at whatever depth an object stands: of a
 * pod its names, images and statuses, and never its environment, arguments, commands, probes or annotations of others.
 */
function withoutPrivateFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrivateFields)
  if (!isFields(value)) return value
  if (isPodSpec(value)) return pick(value, podFields, keptField)
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (isDropped(key) ? [] : [[key, keptField(key, inner)]])),
  )
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

/** A build lists the names of its containers under the same key, and is no pod spec. */
function isPodSpec({ containers }: Fields): boolean {
  return Array.isArray(containers) && (containers.length === 0 || containers.some(isFields))
}

/** Outside of a pod's spec, too: no fact is called so. */
function isDropped(key: string): boolean {
  return ['env', 'envFrom', 'args', 'command', 'lifecycle', 'livenessProbe', 'startupProbe'].includes(key)
}

function keptField(key: string, value: unknown): unknown {
  if (key === 'labels' || key === 'annotations') return isFields(value) ? keptMarks(value) : undefined
  if (key === 'containers' || key === 'initContainers' || key === 'ephemeralContainers')
    return listOf(value, (it) => pick(it, containerFields, keptContainerField))
  return key === 'volumes' ? listOf(value, (it) => pick(it, volumeFields, keptField)) : withoutPrivateFields(value)
}

/** Whether there is a probe counts, and not what it sends. */
function keptContainerField(key: string, value: unknown): unknown {
  return key === 'readinessProbe' ? {} : withoutPrivateFields(value)
}

function keptMarks(value: Fields): Fields {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, own]) => marks.test(key) && typeof own === 'string' && own.length <= markLength,
    ),
  )
}

function listOf(value: unknown, keep: (of: Fields) => Fields): unknown {
  return Array.isArray(value) ? value.map((it) => (isFields(it) ? keep(it) : it)) : withoutPrivateFields(value)
}

function pick(of: Fields, keys: readonly string[], keep: (key: string, value: unknown) => unknown): Fields {
  return Object.fromEntries(keys.flatMap((key) => (of[key] === undefined ? [] : [[key, keep(key, of[key])]])))
}
