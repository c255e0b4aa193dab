import { z } from 'zod'
import { resources } from '../../kubernetes/resources.ts'
import type { HandleApi } from './api/api-request.ts'
import { resourceOfKind } from './api/resource-names.ts'
import { manifestsIn } from './api/stored-objects.ts'

const manifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
})

/** Makes what is not there and changes what is, as `manager`: over the API, so that whatever it refuses is thrown. */
export async function applyManifests(handle: HandleApi, manifests: string, manager: string): Promise<void> {
  for (const manifest of manifestsIn(manifests)) await apply(handle, manifestSchema.parse(manifest), manager)
}

async function apply(handle: HandleApi, manifest: z.infer<typeof manifestSchema>, manager: string): Promise<void> {
  const { kind, metadata } = manifest
  const resource = resourceOfKind(kind)
  if (!resource) throw new Error(`no resource for the kind ${kind}`)
  const { api, namespaced } = resources[resource]
  const collection = namespaced
    ? `${api}/namespaces/${metadata.namespace ?? 'default'}/${resource}`
    : `${api}/${resource}`
  const object = `${collection}/${metadata.name}`
  const query = `?fieldManager=${encodeURIComponent(manager)}`
  const send = (method: string, path: string, type: string) =>
    handle({ method, path, headers: { 'content-type': type }, body: JSON.stringify(manifest) })
  const there = (await handle({ method: 'GET', path: object, headers: {}, body: '' })).status === 200
  const answer = there
    ? await send('PATCH', object + query, 'application/strategic-merge-patch+json')
    : await send('POST', collection + query, 'application/json')
  if (answer.status !== 200 && answer.status !== 201)
    throw new Error(`${kind} ${metadata.name} was refused: ${answer.body}`)
}
