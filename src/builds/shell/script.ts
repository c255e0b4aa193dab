import { type Expanded, expand, type Values } from './expansion.ts'
import { findScript } from './find-script.ts'
import { type ShellPiece, type ShellToken, scriptLimit, shellTokens } from './lexer.ts'
import { type Environment, limitOfAlternatives, ShellVariables } from './variables.ts'
import { WordBudget } from './word-budget.ts'
import { assignment, literal, piecesOf, type ShellWord, withoutFunctions } from './words.ts'

/** A command that a script may run, with every variable filled in that the script itself gives. */
export interface ShellCommand {
  /** What only the run knows stays as it is written: `r.io/app:$TAG`. */
  readonly words: readonly string[]
  /** `NAME=value` before the command, and the variables of the script so far. */
  variable(name: string): string | undefined
}

export interface ShellScript {
  readonly commands: readonly ShellCommand[]
  /** Files that the script writes from a here-document, by their last path step. */
  readonly files: ReadonlyMap<string, string>
  /** True: it was longer than what is read. */
  readonly cut: boolean
}

const limits = {
  commands: 500,
  words: 400,
  alternatives: limitOfAlternatives,
  depth: 4,
  arguments: 200,
} as const
/** Characters of one text that expansions give, and how deep defaults may stand in defaults. */
const expansionLimits = { text: 8_192, depth: 4 } as const
/** Words: what a token costs, a character of a script, and an expansion. */
const costs = { token: 0.25, character: 1 / 64, expansion: 0.5 } as const

/**
 * Reads what a script may run, without running it: assignments, loops, defaults and functions are followed, for as long as
 * the budget lasts.
 */
export function readShellScript(
  script: string,
  environment: Environment = () => undefined,
  positional: readonly string[] = [],
  budget = new WordBudget(),
): ShellScript {
  const reader = new ScriptReader(environment, budget)
  reader.run(script, positional, 0)
  return { commands: reader.commands, files: reader.files, cut: reader.cut || script.length > scriptLimit }
}

class ScriptReader {
  readonly commands: ShellCommand[] = []
  readonly files = new Map<string, string>()
  cut = false
  readonly #variables: ShellVariables
  readonly #budget: WordBudget
  readonly #functions = new Map<string, readonly ShellToken[]>()
  #conditional = 0
  #nested = 0
  #depth = 0

  constructor(environment: Environment, budget: WordBudget) {
    this.#variables = new ShellVariables(environment)
    this.#budget = budget
  }

  run(script: string, positional: readonly string[], depth: number): void {
    if (this.#isCut(depth > limits.depth || this.#budget.isSpent)) return
    this.#budget.spend(script.length * costs.character)
    const [before, above] = [this.#variables.positional, this.#depth]
    this.#variables.positional = positional.slice(0, limits.arguments)
    this.#depth = depth
    const { rest, functions } = withoutFunctions(shellTokens(script))
    for (const [name, body] of functions) this.#functions.set(name, body)
    this.#walk(rest)
    this.#variables.positional = before
    this.#depth = above
  }

  #walk(tokens: readonly ShellToken[]): void {
    let words: ShellWord[] = []
    let afterAnd = false
    for (let at = 0; at < tokens.length; at++) {
      this.#budget.spend(costs.token)
      if (this.#isCut(this.#budget.isSpent)) return
      const token = tokens[at] as ShellToken // at is below the length
      if (token.is === 'word') words.push(token)
      else if (token.is === 'redirect') at += tokens[at + 1]?.is === 'word' ? 1 : 0
      else if (token.is === 'array') at = this.#array(token, tokens, at)
      else if (token.is === 'document') this.#document(token.body, tokens, at)
      else {
        this.#command(words, afterAnd)
        words = []
        afterAnd = token.operator === '&&' || token.operator === '||'
      }
    }
    this.#command(words, afterAnd)
  }

  /** Notes where a limit is met. */
  #isCut(isMet: boolean): boolean {
    this.cut ||= isMet
    return isMet
  }

  #array(token: Extract<ShellToken, { is: 'array' }>, tokens: readonly ShellToken[], at: number): number {
    let end = at + 1
    const items: string[] = token.appends ? [...(this.#variables.arrays.get(token.name) ?? [])] : []
    while (end < tokens.length) {
      const next = tokens[end] as ShellToken // end is below the length
      if (next.is === 'operator' && next.operator === ')') break
      if (next.is === 'word') items.push(...this.#alternatives(next).flat())
      end += 1
    }
    this.#variables.arrays.set(token.name, items.slice(0, limits.arguments))
    return end
  }

  /** `cat > build.sh <<EOF`: the file stands after the redirection of the line before. */
  #document(body: string, tokens: readonly ShellToken[], at: number): void {
    const line = tokens.slice(Math.max(0, at - 12), at)
    const redirect = line.findLastIndex((it) => it.is === 'redirect' && it.operator.startsWith('>'))
    const target = line[redirect + 1]
    if (redirect < 0 || target?.is !== 'word') return
    const name = this.#alternatives(target)[0]?.[0] ?? ''
    this.files.set(name.slice(name.lastIndexOf('/') + 1), body)
  }

  #command(words: readonly ShellWord[], afterAnd: boolean): void {
    const own = this.#withoutKeywords(words)
    const [first] = own
    if (!first) return
    const name = literal(first)
    if (name === 'for' || name === 'select') {
      this.#loop(own)
      return
    }
    if (name === 'case') {
      this.#conditional += 1
      return
    }
    const assigned = own.findIndex((it) => assignment(it) === undefined)
    const rest = assigned < 0 ? [] : own.slice(assigned)
    const declares = /^(?:export|declare|local|readonly|typeset)$/.test(literal(rest[0]) ?? '')
    const values = (declares ? own : own.slice(0, assigned < 0 ? undefined : assigned)).flatMap(
      (it) => assignment(it) ?? [],
    )
    if (rest.length === 0 || declares) {
      for (const { name, appends, pieces } of values)
        this.#variables.assign(name, this.#textOf(pieces), { appends, union: afterAnd || this.#conditional > 0 })
      return
    }
    this.#run(rest, new Map(values.map(({ name, pieces }) => [name, this.#textOf(pieces)?.[0]])))
  }

  /** `if`, `then`, `do`, `{`, `!` stand before a command and are none. */
  #withoutKeywords(words: readonly ShellWord[]): readonly ShellWord[] {
    const first = words.findIndex((word) => {
      const name = literal(word)
      if (name === 'if') this.#conditional += 1
      if (name === 'fi' || name === 'esac') this.#conditional = Math.max(0, this.#conditional - 1)
      return name === undefined || !keywords.has(name)
    })
    return first < 0 ? [] : words.slice(first)
  }

  #loop(words: readonly ShellWord[]): void {
    const name = literal(words[1])
    if (!name) return
    const items = literal(words[2]) === 'in' ? words.slice(3).flatMap((it) => this.#alternatives(it).flat()) : undefined
    const values = items ?? this.#variables.positional
    this.#variables.set(name, values.length > 0 ? values : null)
  }

  #run(words: readonly ShellWord[], assigned: ReadonlyMap<string, string | undefined>): void {
    if (words.length > limits.words) this.cut = true
    const alternatives = words.slice(0, limits.words).map((it) => this.#alternatives(it))
    const variants = Math.min(limits.alternatives, Math.max(...alternatives.map((it) => it.length)))
    for (let variant = 0; variant < variants && !this.#isCut(this.#budget.isSpent); variant++) {
      const all = alternatives.flatMap((it) => it[variant % it.length] ?? [])
      const body = this.#functions.get(all[0] ?? '')
      if (body) this.#call(body, all.slice(1))
      else this.#take(all, assigned)
    }
  }

  #call(body: readonly ShellToken[], positional: readonly string[]): void {
    if (this.#isCut(this.#depth >= limits.depth)) return
    const before = this.#variables.positional
    this.#variables.positional = ['', ...positional].slice(0, limits.arguments)
    this.#depth += 1
    this.#walk(body)
    this.#depth -= 1
    this.#variables.positional = before
  }

  #take(words: readonly string[], assigned: ReadonlyMap<string, string | undefined>): void {
    const [program = ''] = words
    this.#budget.spend(words.length + 1, words)
    if (program === 'set' && words.includes('--')) {
      this.#variables.positional = ['', ...words.slice(words.indexOf('--') + 1)]
      return
    }
    if (program === 'read' || program === 'unset') for (const name of words.slice(1)) this.#variables.delete(name)
    const inner = program === 'eval' ? { script: words.slice(1).join(' '), positional: [] } : findScript(words)
    if (inner && program !== 'echo' && program !== 'printf') this.run(inner.script, inner.positional, this.#depth + 1)
    if (this.#isCut(this.commands.length >= limits.commands)) return
    // The variables as they are now: a later command may change them.
    const known = new Map(
      [...assigned].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    )
    for (const name of wantedLater) known.set(name, known.get(name) ?? this.#variables.value(name)?.[0] ?? '')
    this.commands.push({ words, variable: (name) => known.get(name) || undefined })
  }

  #expand(expansion: string): Expanded {
    if (this.#isCut(this.#budget.isSpent || this.#nested > expansionLimits.depth)) return { unknown: true }
    this.#nested += 1
    const expanded = this.#expandNested(expansion)
    this.#nested -= 1
    const texts = 'values' in expanded ? expanded.values : 'words' in expanded ? expanded.words : []
    this.#budget.spend(costs.expansion, texts)
    return expanded
  }

  #expandNested(expansion: string): Expanded {
    return expand(expansion, {
      variable: (name) => this.#variables.value(name),
      array: (name) =>
        /^[@*]$/.test(name)
          ? this.#variables.positional.slice(1)
          : (this.#variables.arrays.get(name) ?? this.#variables.value(name)),
      isHidden: (name) => this.#variables.isHidden(name),
      text: (of) => this.#textOf(piecesOf(of)),
      assign: (name, values) => void this.#variables.set(name, values),
    })
  }

  /** The values of a text that is not split into words; undefined: it has a part that only the run knows. */
  #textOf(pieces: readonly ShellPiece[]): Values | undefined {
    const joined = this.#join(pieces)
    return joined.length > 0 ? joined : undefined
  }

  #join(pieces: readonly ShellPiece[]): Values {
    let texts: Values = ['']
    for (const piece of pieces) {
      if (texts.length === 1 && (texts[0] ?? '').length > expansionLimits.text) break
      const next = 'text' in piece ? [piece.text] : this.#textsOf(piece.expansion)
      texts = texts
        .flatMap((head) => next.map((it) => (head.length > expansionLimits.text ? head : head + it)))
        .slice(0, limits.alternatives)
    }
    return texts
  }

  #textsOf(expansion: string): Values {
    const of = this.#expand(expansion)
    if ('values' in of) return of.values
    if ('words' in of) return [of.words.join(' ')]
    if ('script' in of) return this.#outputOf(of.script) ?? [expansion]
    return [expansion]
  }

  /** What `$(echo X)` prints; any other command is noted, and its output is unknown. */
  #outputOf(script: string): Values | undefined {
    const before = this.commands.length
    this.run(script, this.#variables.positional, this.#depth + 1)
    const only = this.commands[before]
    if (!only || this.commands.length > before + 1 || only.words[0] !== 'echo' || script.includes('|')) return undefined
    return [only.words.slice(1).join(' ')]
  }

  /** Each alternative of a word, as the words that a shell makes of it: an unquoted value is split at blanks. */
  #alternatives(word: ShellWord): readonly Values[] {
    const [only, ...more] = word.pieces
    if (only && 'expansion' in only && more.length === 0) {
      const of = this.#expand(only.expansion)
      if ('words' in of) return [of.words]
      if ('values' in of && !only.quoted) return of.values.map((it) => this.#split(it))
      if ('values' in of) return of.values.map((it) => [it])
    }
    const unquoted = word.pieces.some((it) => 'expansion' in it && !it.quoted)
    const texts = this.#join(word.pieces)
    return unquoted && !word.quoted && texts.every((it) => !/[$`]/.test(it))
      ? texts.map((it) => this.#split(it))
      : texts.map((it) => [it])
  }

  #split(text: string): Values {
    const words = text.split(/\s+/).filter(Boolean)
    this.#budget.spend(words.length)
    return words
  }
}

/** Variables that tools read by themselves. */
const wantedLater = ['KO_DOCKER_REPO'] as const
const keywords: ReadonlySet<string> = new Set('if then elif else fi do done while until esac { } ! time'.split(' '))
