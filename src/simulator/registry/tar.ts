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

/** A POSIX ustar archive of text files, always the same bytes for the same files. */
export function writeTar(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text)
    return [header(name, content.length), content, Buffer.alloc(-content.length & (tarBlock - 1))]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * tarBlock)])
}

const tarBlock = 512

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "ustar Interchange Format" */
function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(tarBlock)
  bytes.write(name.slice(0, 100), 0)
  bytes.write('0000644\0', 100)
  bytes.write('0000000\0'.repeat(2), 108)
  bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  bytes.write(`${'0'.repeat(11)}\0`, 136)
  bytes.write('        0', 148)
  bytes.write('ustar\0' + '00', 257)
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return bytes
}
