import { visible } from './text.ts'

// What a POSIX shell takes as it is; everything else is quoted.
const safe = /^[\w@%+=:,./-]+$/

/** One command line to paste, from a program and its arguments. A placeholder such as `<password>` stays for the reader to fill in. */
export function shell(command: { readonly argv: readonly string[]; readonly into?: readonly string[] }): string {
  const line = command.argv.map(quote).join(' ')
  return command.into ? `${line} | ${command.into.map(quote).join(' ')}` : line
}

function quote(argument: string): string {
  const shown = visible(argument)
  if (safe.test(shown)) return shown
  return `'${shown.replaceAll("'", `'\\''`)}'`
}
