import { visible } from './text.ts'

// Characters that a POSIX shell leaves alone. Every other argument is quoted.
const safe = /^[\w@%+=:,./-]+$/

/**
 * Renders a program and its arguments as one command line to paste. A placeholder such as `<password>` stays for a person
 * to fill in.
 */
export function shell(command: { readonly argv: readonly string[]; readonly into?: readonly string[] }): string {
  const line = command.argv.map(quote).join(' ')
  return command.into ? `${line} | ${command.into.map(quote).join(' ')}` : line
}

function quote(argument: string): string {
  const shown = visible(argument)
  if (safe.test(shown)) return shown
  return `'${shown.replaceAll("'", `'\\''`)}'`
}
