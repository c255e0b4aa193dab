// Wrappers that name the image in quotes. Kubelet, containerd, CRI-O and docker all quote it the same way.
const named =
  /(?:(?:pull(?:ing)?|unpack|inspect|get sandbox|resolve|parse|apply default) ?(?:and unpack )?(?:sandbox |default )?(?:image|reference|ref)?(?: name| tag| reference)?|container image|image reference|invalid image name|manifest for|apply layer error for|repository for image) "([^"\n]{1,1000})"/gi
// CRI-O, podman, docker, and the logs of kubelet and crictl write some names without quotes.
const unquoted =
  /(?:docker:\/\/(?!\/)|image ref \/\/|pull access denied for |manifest for (?!(?:linux|windows|darwin|freebsd)\/)|trying to pull (?!repository)|failed to pull image (?!")|failed to resolve ref |unable to find image '|for image (?!")|\bimage(?:Ref)?=")([^\s:"',]{1,300}(?::[^\s:"',]{1,140}){0,2})/gi
const manifestIn = /(?:reading|error reading) manifest (\S{1,140}) in (\S{1,300}?)(?=:? )/i

/** The images that a message names, as it writes them, the first one first. */
export function imagesIn(text: string): readonly string[] {
  const quoted = [...text.matchAll(named)].map((match) => match[1] ?? '')
  const bare = [...text.matchAll(unquoted)].map((match) => (match[1] ?? '').replace(/\.{1,3}$/, ''))
  const manifest = manifestIn.exec(text)
  const joined = manifest?.[2]
    ? [`${manifest[2].replace(/:$/, '')}${manifest[1]?.includes(':') ? '@' : ':'}${manifest[1]}`]
    : []
  return [...new Set([...quoted, ...bare, ...joined])].filter(isName)
}

/** Quoted sentences stand in the same places; a name has no spaces within. A digest alone names no image. */
function isName(text: string): boolean {
  return text !== '' && !/\w\s\w.*\s/.test(text) && !/^sha\d{3}:/.test(text)
}

/** The registry host of an image, as Docker and containerd find it; see registry/parse-reference.ts for the whole grammar. */
export function hostOfImage(image: string): string {
  const first = image.slice(0, Math.max(image.indexOf('/'), 0))
  return /[.:]/.test(first) || first === 'localhost' ? first : 'docker.io'
}
