/** Characters that are looked at to find the words of an error behind what a log puts in front. */
const searched = 64 * 1024

// The kubelet logs the whole container before the error, with its arguments and environment.
const dumpStart = '&Container{'
const dumpEnd = 'start failed in pod'
const imageInDump = /\bImage:([^\s,{}]{1,300}),/

/**
 * The words of a message as its runtime said them: without the header of klog, journald or logfmt, with the quotes that a
 * log escapes, and without the dump of a container. Text of other origin stays as it is. Returns at most `limit` characters.
 */
export function unlogged(said: string, limit: number): string {
  const text = withoutDump(said.slice(0, searched)).slice(0, limit)
  return headers.reduce((left, header) => left.replace(header, ' '), unescaped(text)).trim()
}

function withoutDump(text: string): string {
  const start = text.indexOf(dumpStart)
  const end = start < 0 ? -1 : text.indexOf(dumpEnd, start)
  if (end < 0) return text
  const image = imageInDump.exec(text.slice(start, end))?.[1]
  return `${text.slice(0, start)}${image ? `image "${image}" ` : ''}${text.slice(end)}`
}

/** Logs escape quotes, some twice: `\"`, `\\\"`. Where none is escaped, a backslash is part of a Windows path. */
function unescaped(text: string): string {
  if (!text.includes('\\"')) return text
  return text
    .replace(/\\{1,16}"/g, '"')
    .replace(/\\{1,16}[nt]/g, ' ')
    .replace(/\\{1,16}u003c/gi, '<')
    .replace(/\\{1,16}u003e/gi, '>')
    .replace(/\\{1,16}u0026/gi, '&')
}

const headers: readonly RegExp[] = [
  // journald and syslog: "Apr 29 09:40:50 host containerd[9471]: "
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ][\d:.,+Z-]{5,30}) \S{1,253} [\w.@-]{1,60}(?:\[\d{1,9}\])?: /,
  /^[\w.@-]{1,60}\[\d{1,9}\]: /,
  // klog: "E0412 13:52:06.357868 2972303 log.go:32] "
  /(?<!\w)[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,9} {1,12}\d{1,9} [\w.-]{1,60}:\d{1,6}\] /g,
  // logfmt: "level=error", "time=…"
  /(?<!\w)level=[a-z]{1,10}\b/g,
  // fields that name things and tell no error: their values are names that others chose
  /(?<=\s|^|,)(?!(?:err|error|msg|message|reason|cause|desc|image|imageRef)=)[A-Za-z][\w.]{0,40}="[^"\n]{0,400}"/g,
]
