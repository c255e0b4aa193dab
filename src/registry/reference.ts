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

/** Why a text is no image reference, in a sentence; the first thing that somebody should mend. */
function invalidReason(image: string): string {
  return reasons.find(({ when }) => when(image))?.say(image) ?? 'It does not have the form registry/repository:tag.'
}

interface Reason {
  when(image: string): boolean
  say(image: string): string
}

const template = /\$?\{\{?[^}]{0,100}\}?\}|\$\([^)]{0,100}\)|\$[A-Za-z_]\w{0,60}|<[A-Za-z_][\w -]{0,60}>/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f]/

const reasons: readonly Reason[] = [
  { when: (image) => image === '', say: () => 'The image is empty.' },
  { when: (image) => image.length > 4_096, say: (image) => `It is ${image.length} characters long.` },
  {
    when: (image) => template.test(image),
    say: (image) => `The placeholder ${quoted(template.exec(image)?.[0])} was not filled in.`,
  },
  { when: (image) => control.test(image), say: () => 'It has a control character, such as a line break, in it.' },
  { when: (image) => /^\s|\s$/.test(image), say: () => 'There is a space before or after it.' },
  { when: (image) => /\s/.test(image), say: () => 'There is a space in it.' },
  {
    when: (image) => /^[a-z][a-z0-9+.-]*:\/\//i.test(image),
    say: (image) =>
      `It begins with a URL scheme, ${quoted(image.slice(0, image.indexOf('//') + 2))}; an image has none.`,
  },
  {
    when: (image) => /^[a-f0-9]{64}$/.test(image),
    say: () => 'It is 64 hexadecimal digits, which means an image id; a registry needs a name.',
  },
  { when: (image) => image.startsWith(':') || image.startsWith('@'), say: () => 'The repository name is missing.' },
  { when: (image) => image.includes('@'), say: digestReason },
  { when: (image) => image.endsWith(':'), say: () => 'The tag after the last colon is empty.' },
  { when: (image) => image.endsWith('/'), say: () => 'The repository name after the last slash is missing.' },
  { when: (image) => image.includes('//'), say: () => 'It has an empty part: two slashes in a row.' },
  { when: (image) => /:[^/]*:/.test(lastPart(image)), say: (image) => `It has two tags: ${quoted(lastPart(image))}.` },
  {
    when: (image) => tagOf(image).length > 128,
    say: (image) => `The tag is ${tagOf(image).length} characters long; at most 128 are allowed.`,
  },
  {
    when: (image) => /[A-Z]/.test(pathOf(image)),
    say: (image) => `The repository name has a capital letter: ${quoted(pathOf(image))}.`,
  },
  {
    when: (image) => pathOf(image).length > 255,
    say: (image) => `The repository name is ${pathOf(image).length} characters long; at most 255 are allowed.`,
  },
  {
    when: (image) => /[^\w.-]/.test(tagOf(image)) || /^[.-]/.test(tagOf(image)),
    say: (image) => `The tag ${quoted(tagOf(image))} has a character that no tag may have.`,
  },
  {
    when: (image) => /[^a-z0-9._/-]/.test(pathOf(image)),
    say: (image) => `The repository name ${quoted(pathOf(image))} has a character that it may not have.`,
  },
  {
    when: () => true,
    say: (image) =>
      `The repository name ${quoted(pathOf(image))} begins or ends with a separator, or has two in a row.`,
  },
]

function digestReason(image: string): string {
  const digest = image.slice(image.indexOf('@') + 1)
  const [algorithm = '', hex] = digest.split(':')
  if (hex === undefined) return `The digest ${quoted(digest)} has no algorithm: it should begin with sha256:.`
  if (!['sha256', 'sha384', 'sha512'].includes(algorithm))
    return `The digest's algorithm ${quoted(algorithm)} is not supported.`
  const wanted = { sha256: 64, sha384: 96, sha512: 128 }[algorithm]
  if (hex.length !== wanted) return `The digest is ${hex.length} characters long instead of ${wanted}.`
  if (!/^[a-f0-9]+$/.test(hex)) return 'The digest has characters that are no lower-case hexadecimal digits.'
  return 'The name before the digest is not valid.'
}

function lastPart(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1)
}

function tagOf(image: string): string {
  const part = lastPart(image)
  return part.includes(':') ? part.slice(part.indexOf(':') + 1) : ''
}

function pathOf(image: string): string {
  const slash = image.indexOf('/')
  const first = image.slice(0, slash)
  const named = slash > 0 && /[.:]/.test(first) ? image.slice(slash + 1) : image
  const part = lastPart(named)
  return part.includes(':') ? named.slice(0, named.length - part.length + part.indexOf(':')) : named
}

function quoted(part: string | undefined): string {
  return JSON.stringify((part ?? '').slice(0, 120))
}
