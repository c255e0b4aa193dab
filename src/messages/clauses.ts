// What wraps a cause: each layer of kubelet, CRI and runtime adds one. All are removed wherever they stand, because the
// order differs between versions and some are doubled (CRI-O).
const wrappers: readonly RegExp[] = [
  /\(combined from similar events\): /g,
  /^spec\.\w{1,30}\{[^}\n]{1,260}\}: /,
  /\brpc error: code = \w{1,30} desc = /g,
  /\b(?:Error: )?(?:ErrImagePull|ImagePullBackOff)(?:: |$)/g,
  /\bBack-off pulling image (?:"[^"\n]{0,1000}"(?:: )?|[^\s"]{1,400}?(?:: |$))/gi,
  /\bfailed to pull image (?:"[^"\n]{0,1000}"|'[^'\n]{0,1000}'):?\s{0,40}/gi,
  /\bfailed to pull and unpack image(?: (?:"[^"\n]{0,1000}"|'[^'\n]{0,1000}'))?:\s{0,40}/gi,
  /\bfailed to resolve (?:reference (?:"[^"\n]{0,1000}"|'[^'\n]{0,1000}')|image):\s{0,40}/gi,
  /\bfailed to authorize:\s{0,40}/gi,
  /\b(?:initializing|reading) source docker:\/\/\S{1,400}: /gi,
  /\b(?:error )?reading manifest \S{1,140} in \S{1,400}: /gi,
  /\bcopying system image from manifest list: /gi,
  /^container "[^"\n]{1,260}" in pod "[^"\n]{1,260}" is waiting to start: (?:trying and failing to pull image|image can't be pulled)$/i,
  /\bError response from daemon: (?:\{"message":"(?=[^"]))?/gi,
  /\bpull access denied for \S{1,400}, repository does not exist or may require 'docker login': (?=\w)/gi,
  /\bError syncing pod\b[^:\n]{0,300}?(?:, skipping)?"?: /gi,
  /\bfailed to "(?:StartContainer|CreatePodSandbox)" for "[^"\n]{1,260}" with /gi,
  /\bUnable to find image '[^'\n]{1,400}' locally/gi,
  /\bpinging container registry \S{1,260}: /gi,
]

/** The text without what wraps it. Nothing left: the back-off alone was told. */
export function unwrap(text: string): string {
  return wrappers.reduce((left, wrapper) => left.replace(wrapper, ''), text).trim()
}

/** A pod has a few credentials, and a hostile text any number of members. */
const membersLimit = 30

// A list has one member for each credential that was tried. Its members begin as every error does.
const nextMember =
  /, (?=rpc error: |failed to |Error response |Error reading |reading manifest |initializing source |unable to |unexpected status |pull image err)/

/**
 * CRI-O tries a reference that it cannot pull once more as an artifact, and tells both errors. A healthy image is no
 * artifact, so the second one says nothing: the first error counts.
 */
export function imageError(text: string): string {
  const start = text.search(/[;,] (?:pull )?artifact err(?:or)?: /i)
  return start > 0 && /pull image err|unable to pull image/i.test(text.slice(0, start)) ? text.slice(0, start) : text
}

/** The members of a bracketed list, also of one that was cut off; else the text itself. */
export function membersOf(text: string): readonly string[] {
  const open = listStart(text)
  if (open < 0) return [text]
  const end = text.endsWith(']') ? text.length - 1 : text.length
  const head = text.slice(0, open)
  return text
    .slice(open + 1, end)
    .split(nextMember, membersLimit)
    .map((member) => `${head}${member}`)
}

function listStart(text: string): number {
  const found = /(?:^|: )\[(?=rpc error: |failed to |Error |reading manifest |initializing source |unable to )/.exec(
    text,
  )
  return found ? found.index + found[0].length - 1 : -1
}
