import { isDeepStrictEqual } from 'node:util'
import { isKubernetesName, type ResourceName } from '../../../../kubernetes/resources.ts'
import { isJsonObject, type JsonObject, jsonObject, jsonObjects } from '../json.ts'
import type { StoredObject } from '../store.ts'

/** One field that the API server does not take, in its words. */
export interface InvalidField {
  readonly field: string
  /** `Invalid value: "x": field is immutable`. */
  readonly message: string
}

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

/** Of an object that is to be made. */
export function invalidWhenMade(resource: ResourceName, object: StoredObject): readonly InvalidField[] {
  const { name } = object.metadata
  const named = isKubernetesName(name) ? [] : [invalid('metadata.name', name, subdomain)]
  return [...named, ...(resource === 'jobs' ? invalidJob(object) : []), ...withoutContainers(resource, object)]
}

/** Of an object that is to be changed: pkg/apis/*\/validation of Kubernetes, as far as a repair could meet it. */
export function invalidWhenChanged(
  resource: ResourceName,
  before: StoredObject,
  after: StoredObject,
): readonly InvalidField[] {
  if (resource === 'pods') return podChange(before, after)
  const paths = immutable[resource] ?? []
  return paths
    .map((path) => ({ path, was: at(before, path), is: at(after, path) }))
    .filter(({ was, is }) => was !== undefined && !isDeepStrictEqual(was, is))
    .map(({ path, is }) =>
      invalid(path, is, path === 'spec.clusterIP' ? 'may not change once set' : 'field is immutable'),
    )
}

const immutable: Partial<Record<ResourceName, readonly string[]>> = {
  jobs: ['spec.completions', 'spec.selector', 'spec.template', 'spec.completionMode'],
  deployments: ['spec.selector'],
  replicasets: ['spec.selector'],
  statefulsets: ['spec.selector', 'spec.serviceName', 'spec.podManagementPolicy'],
  daemonsets: ['spec.selector'],
  services: ['spec.clusterIP'],
  secrets: ['type'],
}

/** Labels of a pod's Job name are limited: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
const labelLimit = 63

function invalidJob({ metadata, spec }: StoredObject): readonly InvalidField[] {
  const { selector, template, manualSelector } = jsonObject(spec)
  const policy = jsonObject(jsonObject(template).spec).restartPolicy
  const wanted = jsonObject(jsonObject(selector).matchLabels)['batch.kubernetes.io/controller-uid']
  const foreign = manualSelector !== true && wanted !== metadata.uid
  return [
    ...(metadata.name.length > labelLimit
      ? [invalid('spec.template.labels', metadata.name, `must be no more than ${labelLimit} bytes`)]
      : []),
    ...(policy === 'Always'
      ? [{ field: 'spec.template.spec.restartPolicy', message: 'Required value: valid values: "OnFailure", "Never"' }]
      : []),
    ...(foreign ? [invalid('spec.selector', selector, '`selector` not auto-generated')] : []),
  ]
}

function withoutContainers(resource: ResourceName, object: StoredObject): readonly InvalidField[] {
  const path = resource === 'pods' ? 'spec' : 'spec.template.spec'
  const spec = at(object, path)
  if (!isJsonObject(spec) || jsonObjects(spec.containers).length > 0) return []
  return [{ field: `${path}.containers`, message: 'Required value' }]
}

const updatable =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

function podChange(before: StoredObject, after: StoredObject): readonly InvalidField[] {
  if (isDeepStrictEqual(fixed(before), fixed(after))) return []
  return [{ field: 'spec', message: `Forbidden: pod updates may not change fields other than ${updatable}` }]
}

/** What of a pod's spec nobody may change. */
function fixed({ spec }: StoredObject): JsonObject {
  const { activeDeadlineSeconds: _, tolerations: __, ...rest } = jsonObject(spec)
  const withoutImages = (of: unknown) => jsonObjects(of).map(({ image: _image, ...container }) => container)
  return {
    ...rest,
    containers: withoutImages(rest.containers),
    initContainers: withoutImages(rest.initContainers),
  }
}

function invalid(field: string, value: unknown, why: string): InvalidField {
  return { field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` }
}

function at(object: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((of, key) => jsonObject(of)[key], object)
}
