/** A POSIX ustar archive of text files, always the same bytes for the same files. */
export function writeTar(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text)
    return [header(name, content.length), content, Buffer.alloc(-content.length & (block - 1))]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

const block = 512

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "ustar Interchange Format" */
function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(block)
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
