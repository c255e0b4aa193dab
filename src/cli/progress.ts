import type { Io } from './io.ts'

/** Shows on a terminal, on one line that is wiped in the end, what is being done. Elsewhere it shows nothing. */
export function progressOn(errors: Io['errors']): { say(doing: string): void; done(): void } {
  if (!errors.isTTY) return { say: () => undefined, done: () => undefined }
  const wipe = '\r\u001b[K'
  return {
    say: (doing) => void errors.write(`${wipe}${doing}…`),
    done: () => void errors.write(wipe),
  }
}
