/** The regular files of a tar archive, by name. Throws for what is none. */
export function readTar(archive: Buffer): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (let at = 0; at + block <= archive.length && archive[at] !== 0; ) {
    const name = text(archive, at, 100)
    const size = Number.parseInt(text(archive, at + 124, 12), 8)
    if (Number.isNaN(size)) throw new Error('archive/tar: invalid tar header') // in the words of Go's reader
    const from = at + block
    if (archive[at + 156] === regular) files.set(name, archive.toString('utf8', from, from + size))
    at = from + Math.ceil(size / block) * block
  }
  return files
}

const block = 512
const regular = 0x30

function text(archive: Buffer, at: number, length: number): string {
  return archive.toString('utf8', at, at + length).split('\0')[0] ?? ''
}
