import { z } from 'zod'
import { parseJson } from './refusal.ts'
import type { IndexChild, Platform } from './registry.ts'

/** Every form of manifest that a runtime asks for. Without it old registries answer with others, or with 404. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

const descriptor = z.object({ digest: z.string(), mediaType: z.string().default('') })
const platform = z.object({
  os: z.string().default(''),
  architecture: z.string().default(''),
  variant: z.string().optional(),
})
const manifest = z.object({
  mediaType: z.string().optional(),
  manifests: z.array(z.object({ digest: z.string().default(''), platform: platform.optional() })).optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).optional(),
})

export interface ManifestContent {
  readonly platforms: readonly Platform[]
  /** Of an index: the manifest of each platform. */
  readonly children: readonly IndexChild[]
  /** Of a single image: the digest of its configuration. */
  readonly config: string | undefined
  readonly blobs: readonly string[]
}

/** undefined: it is no manifest of an image or an index. */
export function readManifest(body: string): ManifestContent | undefined {
  const parsed = manifest.safeParse(parseJson(body)).data
  if (!parsed || !(parsed.manifests || parsed.layers)) return undefined
  const children = parsed.manifests?.flatMap(childOf) ?? []
  const own = [...(parsed.config ? [parsed.config] : []), ...(parsed.layers ?? [])]
  const blobs = own.filter(({ mediaType }) => !isForeign(mediaType)).map(({ digest }) => digest)
  return { platforms: children.map(({ platform }) => platform), children, config: parsed.config?.digest, blobs }
}

function childOf(of: { readonly digest: string; readonly platform?: z.infer<typeof platform> | undefined }) {
  return platformOf(of.platform).map((platform): IndexChild => ({ digest: of.digest, platform }))
}

/** Layers that a registry need not hold: https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#non-distributable-layers */
function isForeign(mediaType: string): boolean {
  return /\.layer\.nondistributable\.|\.rootfs\.foreign\./.test(mediaType)
}

/** Of a configuration blob. */
export function readPlatform(body: string): readonly Platform[] {
  return platformOf(platform.safeParse(parseJson(body)).data)
}

// BuildKit's attestations are entries of the index too, for the platform unknown/unknown.
function platformOf(of: z.infer<typeof platform> | undefined): readonly Platform[] {
  if (!of?.os || !of.architecture || of.os === 'unknown') return []
  return [{ os: of.os, architecture: of.architecture, ...(of.variant && { variant: of.variant }) }]
}
