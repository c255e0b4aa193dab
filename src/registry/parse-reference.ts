import { invalidReason } from './invalid-reason.ts'

/** An image reference, normalised as Docker and containerd do it. */
export interface Reference {
  /** With its port: `10.43.170.72:5000`. Docker Hub is `docker.io`. */
  readonly host: string
  /** `library/nginx` for `nginx` on Docker Hub. */
  readonly repository: string
  /** Absent: none was written. */
  readonly tag?: string
  /** `sha256:…`. With a tag beside it, the digest decides. */
  readonly digest?: string
}

export type ParsedReference =
  | { readonly valid: true; readonly reference: Reference }
  /** `reason`: a sentence for whoever wrote it. */
  | { readonly valid: false; readonly reason: string }

// The grammar of github.com/distribution/reference (reference.go, regexp.go), in the pieces that are needed here.
const host =
  /^[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*(?:\.[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*)*(?::[0-9]+)?$|^\[[a-fA-F0-9:]+\](?::[0-9]+)?$/
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const tagForm = /^\w[\w.-]{0,127}$/
const hexName = /^[a-f0-9]{64}$/
const digestForm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/
/** RepositoryNameTotalLengthMax: of the path, without the host. */
const pathLimit = 255
/** Hexadecimal digits of the digests that are supported. */
const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 }
const referenceLimit = 4_096

/** Never throws: what is no reference comes back with the reason why. */
export function parseReference(image: string): ParsedReference {
  const parsed = image.length <= referenceLimit ? parse(image) : undefined
  return parsed ? { valid: true, reference: parsed } : { valid: false, reason: invalidReason(image) }
}

function parse(image: string): Reference | undefined {
  if (hexName.test(image)) return undefined
  const at = image.indexOf('@')
  const digest = at < 0 ? undefined : image.slice(at + 1)
  if (digest !== undefined && !isDigest(digest)) return undefined
  const { domain, remainder } = splitDomain(at < 0 ? image : image.slice(0, at))
  const colon = remainder.lastIndexOf(':')
  const slash = remainder.lastIndexOf('/')
  const tag = colon > slash ? remainder.slice(colon + 1) : undefined
  const path = tag === undefined ? remainder : remainder.slice(0, colon)
  const repository = domain === 'docker.io' && !path.includes('/') ? `library/${path}` : path
  const valid = host.test(domain) ? isRepository(path) : isRepository(`${domain}/${path}`)
  if (!valid || (tag !== undefined && !tagForm.test(tag))) return undefined
  return { host: domain, repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) }
}

/** The first part is a host if it looks like one: a dot, a colon, `localhost`, or a capital letter (normalize.go). */
function splitDomain(name: string): { readonly domain: string; readonly remainder: string } {
  const slash = name.indexOf('/')
  const first = name.slice(0, slash)
  if (slash < 0 || (!/[.:]/.test(first) && first !== 'localhost' && first.toLowerCase() === first)) {
    return { domain: 'docker.io', remainder: name }
  }
  const domain = first === 'index.docker.io' ? 'docker.io' : first
  return { domain, remainder: name.slice(slash + 1) }
}

/** Also for a whole name: `my_host.io/app` has no host by the grammar, and runtimes take its first part for one all the same. */
function isRepository(path: string): boolean {
  return path.length <= pathLimit && path.split('/').every((part) => component.test(part))
}

function isDigest(digest: string): boolean {
  const [algorithm = '', hex = ''] = digest.split(':')
  return digestForm.test(digest) && digestLengths[algorithm] === hex.length && hex.toLowerCase() === hex
}
