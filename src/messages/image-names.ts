// Wrappers that name the image in quotes. Kubelet, containerd, CRI-O and docker all quote it the same way.
const named =
  /(?:(?:pull(?:ing)?|unpack|inspect|get sandbox|resolve|parse|apply default) (?:and unpack )?(?:sandbox |default )?(?:image|reference)?(?: name| tag| reference)?|container image|image reference|manifest for) "([^"\n]{1,1000})"/gi
// CRI-O and podman: "reading manifest T in R", "pinging container registry H", "initializing source docker://R:T".
const unquoted = /(?:initializing source docker:\/\/|manifest for )([^\s:"]{1,300}(?::[^\s:"]{1,140}){0,2})/gi
const manifestIn = /(?:reading|error reading) manifest (\S{1,140}) in (\S{1,300}?)(?=:? )/i

/** The images that a message names, as it writes them, the first one first. */
export function imagesIn(text: string): readonly string[] {
  const quoted = [...text.matchAll(named)].map((match) => match[1] ?? '')
  const bare = [...text.matchAll(unquoted)].map((match) => match[1] ?? '')
  const manifest = manifestIn.exec(text)
  const joined = manifest?.[2]
    ? [`${manifest[2].replace(/:$/, '')}${manifest[1]?.includes(':') ? '@' : ':'}${manifest[1]}`]
    : []
  return [...new Set([...quoted, ...bare, ...joined])]
}

/** The registry host of an image, as Docker and containerd find it; see registry/parse-reference.ts for the whole grammar. */
export function hostOfImage(image: string): string {
  const first = image.slice(0, Math.max(image.indexOf('/'), 0))
  return /[.:]/.test(first) || first === 'localhost' ? first : 'docker.io'
}
