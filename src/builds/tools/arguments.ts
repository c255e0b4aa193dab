/** The words behind a program, told apart: flags with their values, and operands. */
export interface Arguments {
  /** In the order they stand there. A flag keeps its dashes; `--flag value` and `--flag=value` are the same. */
  readonly flags: readonly { readonly name: string; readonly value: string }[]
  readonly operands: readonly string[]
}

/** Which flags take the next word as their value. */
export type TakesValue = (flag: string) => boolean

/** Reads words as most command lines do. What stands behind `--` is an operand. */
export function readArguments(words: readonly string[], takesValue: TakesValue): Arguments {
  const flags: { name: string; value: string }[] = []
  const operands: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '--') {
      operands.push(...words.slice(at + 1))
      break
    }
    if (!/^-{1,2}[A-Za-z]/.test(word)) {
      if (word !== '') operands.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const short = equals < 0 && /^-[A-Za-z]./.test(word) && !word.startsWith('--') && takesValue(word.slice(0, 2))
    if (equals > 0) flags.push({ name: word.slice(0, equals), value: word.slice(equals + 1) })
    else if (short && !takesValue(word)) flags.push({ name: word.slice(0, 2), value: word.slice(2) })
    else if (takesValue(word)) {
      at += 1
      flags.push({ name: word, value: words[at] ?? '' })
    } else flags.push({ name: word, value: 'true' })
  }
  return { flags, operands }
}

/** The values of a flag, by any of its names. */
export function valuesOf({ flags }: Arguments, ...names: readonly string[]): readonly string[] {
  return flags.flatMap(({ name, value }) => (names.includes(name) && value !== '' ? [value] : []))
}

/** Whether a switch is on: `--push`, `--push=true`. */
export function isOn({ flags }: Arguments, ...names: readonly string[]): boolean {
  return flags.some(({ name, value }) => names.includes(name) && !/^(?:false|0)$/i.test(value))
}

// Only this program's own lists are kept.
const sets = new Map<string, ReadonlySet<string>>()

/** A set of flags, as a test. Each list is split once: readers ask for theirs with every command. */
export function flagSet(flags: string): TakesValue {
  const names = sets.get(flags) ?? new Set(flags.split(/\s+/))
  sets.set(flags, names)
  return (flag) => names.has(flag)
}
