// What stands for an image in a manifest may be anything: it is told as it stands.
const unparsed = /(?:apply default image tag|parse image (?:name|reference)|(?:pull|unpack) image) "([^"\n]{1,1000})"/gi
// Wrappers that name the image in quotes. Kubelet, containerd, CRI-O and docker all quote it the same way.
const named =
  /(?:\b(?:image|reference|ref)(?: name| tag| reference)?|\b(?:pull(?:ing)?|unpack|inspect|resolve|parse)|PullImage|ImageStatus|manifest for|apply layer error for) (?:"|')([^"'\s]{1,1000})["']/gi
// CRI-O, podman, docker, and the logs of kubelet and crictl write some names without quotes.
const unquoted =
  /(?:docker:\/\/(?!\/)|image ref \/\/|pull access denied for |manifest for (?!(?:linux|windows|darwin|freebsd)\/|image )|trying to pull (?!repository|an? |the )|\bpulling [\w.-]{1,60} \(|unable to pull (?=[^\s:]{0,300}[/:]\S)|failed to pull image (?!")|failed to resolve ref |unable to find image '|for image (?!"|with |instance )|\bimage(?:Ref)?=")([^\s:"',)]{1,300}(?::[^\s:"',)]{1,140}){0,2})/gi
const manifestIn = /(?:reading|error reading) manifest (\S{1,140}) in (\S{1,300}?)(?=:? )/i

/** The images that a message names, as it writes them, the first one first. */
export function imagesIn(text: string): readonly string[] {
  const found = [
    ...matchesOf(unparsed, text),
    ...matchesOf(named, text).map(withoutTransport).filter(isName),
    ...matchesOf(unquoted, text).map(withoutDots).filter(isName),
    ...manifestsIn(text),
  ]
  return [...new Set(found.toSorted((a, b) => a.at - b.at).map(({ name }) => name))]
}

interface Found {
  readonly name: string
  /** Where in the text. */
  readonly at: number
}

function matchesOf(pattern: RegExp, text: string): readonly Found[] {
  return [...text.matchAll(pattern)].map((match) => ({ name: match[1] ?? '', at: match.index }))
}

/** Buildah quotes its transport with the name: `pulling "docker://app:1"`. */
function withoutTransport({ name, at }: Found): Found {
  return { name: name.replace(/^docker:\/\//, ''), at }
}

/** "Trying to pull app:1..." */
function withoutDots({ name, at }: Found): Found {
  return { name: name.replace(/\.{1,3}$/, ''), at }
}

function manifestsIn(text: string): readonly Found[] {
  const found = manifestIn.exec(text)
  if (!found?.[1] || !found[2]) return []
  const [, tag, repository] = found
  return [{ name: `${repository.replace(/:$/, '')}${tag.includes(':') ? '@' : ':'}${tag}`, at: found.index }]
}

/** A digest alone, or the ID of an image, names none. */
function isName({ name }: Found): boolean {
  return name !== '' && !/^(?:sha\d{3}:|[a-f0-9]{10,64}$)/.test(name)
}

/** The registry host of an image, as Docker and containerd find it; see registry/parse-reference.ts for the whole grammar. */
export function hostOfImage(image: string): string {
  const first = image.slice(0, Math.max(image.indexOf('/'), 0))
  return /[.:]/.test(first) || first === 'localhost' ? first : 'docker.io'
}
