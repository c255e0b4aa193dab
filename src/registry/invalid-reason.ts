/** Why a text is no image reference, in a sentence; the first thing that somebody should mend. */
export function invalidReason(image: string): string {
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
