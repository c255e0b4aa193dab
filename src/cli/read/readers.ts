import type { ReaderEntry } from './reader.ts'

/** Everything that `imagepull read` reads. A new reader is a file and one entry. */
export const readers: readonly ReaderEntry[] = [
  {
    what: 'message',
    does: 'what a kubelet or a container runtime says',
    load: async (options) => (await import('./message.ts')).createMessageReader(options),
  },
]
