/** A piece of a word: plain text, or an expansion (`$X`, `${X:-v}`, `$(date)`) as it is written. */
export type ShellPiece = { readonly text: string } | { readonly expansion: string; readonly quoted: boolean }

/** A part of a script. `array` begins `NAME=(…)`; `file` is a here-document with the file that it is written to, if any. */
export type ShellToken =
  | { readonly is: 'word'; readonly pieces: readonly ShellPiece[]; readonly quoted: boolean }
  | { readonly is: 'operator'; readonly operator: string }
  | { readonly is: 'redirect'; readonly operator: string }
  | { readonly is: 'array'; readonly name: string; readonly appends: boolean }
  | { readonly is: 'document'; readonly body: string }

/** Characters of one script. A longer one is cut, and the reader is told so. */
export const scriptLimit = 32_768
const tokenLimit = 6_000

/**
 * Splits a POSIX or bash script into words, operators, redirections and here-documents. It drops comments and never runs
 * anything. It reads each character a bounded number of times.
 */
export function shellTokens(script: string): readonly ShellToken[] {
  const lexer = new ShellLexer(script.slice(0, scriptLimit))
  return lexer.tokens()
}

// A run of characters that mean nothing to a shell. `#` begins a comment only where no word has begun.
const ordinary = /[^\s\\'"$`#;&|()<>]+/y
const operators = [';;', '&&', '||', '|&', ';', '&', '|', '(', ')', '\n'] as const
const redirections = ['<<<', '<<-', '&>>', '>>', '>|', '>&', '<>', '<&', '<<', '&>', '>', '<'] as const

class ShellLexer {
  readonly #script: string
  #at = 0
  readonly #tokens: ShellToken[] = []
  #pieces: ShellPiece[] = []
  #quoted = false
  #started = false
  /** Here-documents whose bodies begin after the line. */
  #documents: string[] = []
  #delimiter = false

  constructor(script: string) {
    this.#script = script
  }

  tokens(): readonly ShellToken[] {
    while (this.#at < this.#script.length && this.#tokens.length < tokenLimit) this.#step()
    this.#endWord()
    return this.#tokens
  }

  #step(): void {
    ordinary.lastIndex = this.#at
    const run = ordinary.exec(this.#script)?.[0]
    if (run) this.#text(run)
    else this.#special()
  }

  #special(): void {
    const character = this.#script.charAt(this.#at)
    if (character === '\\') this.#escape()
    else if (character === "'") this.#single()
    else if (character === '"') this.#double()
    else if (character === '$' || character === '`') this.#pieces.push(this.#expansion(false))
    else if (character === '#' && !this.#started) this.#at = endOf(this.#script, '\n', this.#at)
    else if (/[ \t\r]/.test(character)) this.#blank()
    else if (!this.#operator()) this.#text(character)
    if (character === '$' || character === '`') this.#started = true
  }

  #blank(): void {
    this.#endWord()
    this.#at += 1
  }

  #text(text: string): void {
    const last = this.#pieces.at(-1)
    if (last && 'text' in last) this.#pieces[this.#pieces.length - 1] = { text: last.text + text }
    else this.#pieces.push({ text })
    this.#started = true
    this.#at += text.length
  }

  #escape(): void {
    const next = this.#script.charAt(this.#at + 1)
    this.#at += 1
    if (next === '\n') this.#at += 1
    else this.#text(next)
  }

  #single(): void {
    const end = endOf(this.#script, "'", this.#at + 1)
    const text = this.#script.slice(this.#at + 1, end)
    this.#at += 1
    this.#quote()
    if (text) this.#text(text)
    this.#at = end + 1
  }

  #quote(): void {
    this.#quoted = true
    this.#started = true
  }

  #double(): void {
    this.#quote()
    this.#at += 1
    let from = this.#at
    const flush = (): void => {
      const text = this.#script.slice(from, this.#at)
      const end = this.#at
      if (text) this.#text(text)
      this.#at = end
    }
    while (this.#at < this.#script.length) {
      const character = this.#script.charAt(this.#at)
      if (character === '"') break
      if (character === '\\') {
        flush()
        const next = this.#script.charAt(this.#at + 1)
        if (!/["\\$`\n]/.test(next)) this.#text('\\')
        else this.#at += 1
        if (next === '\n') this.#at += 1
        else if (/["\\$`]/.test(next)) this.#text(next)
        from = this.#at
      } else if (character === '$' || character === '`') {
        flush()
        this.#pieces.push(this.#expansion(true))
        from = this.#at
      } else this.#at += 1
    }
    flush()
    this.#at += 1
  }

  /** Moves behind the expansion. A `$` alone is text. */
  #expansion(quoted: boolean): ShellPiece {
    const start = this.#at
    const end = endOfExpansion(this.#script, start)
    this.#at = end
    const expansion = this.#script.slice(start, end)
    return expansion === '$' ? { text: '$' } : { expansion, quoted }
  }

  #operator(): boolean {
    const here = this.#script.slice(this.#at, this.#at + 3)
    const redirection = redirections.find((it) => here.startsWith(it))
    if (redirection) {
      this.#redirect(redirection)
      return true
    }
    const operator = operators.find((it) => here.startsWith(it))
    if (!operator) return false
    if (operator === '(' && this.#arrayBegins()) return true
    this.#endWord()
    this.#at += operator.length
    this.#tokens.push({ is: 'operator', operator })
    if (operator === '\n') this.#bodies()
    return true
  }

  /** `2>&1`: the number in front belongs to it. */
  #redirect(operator: string): void {
    const [only, ...more] = this.#pieces
    if (only && 'text' in only && more.length === 0 && /^\d{1,3}$/.test(only.text)) this.#forget()
    this.#endWord()
    this.#at += operator.length
    if (operator === '<<' || operator === '<<-') this.#delimiter = true
    else this.#tokens.push({ is: 'redirect', operator })
  }

  #arrayBegins(): boolean {
    const [only, ...more] = this.#pieces
    const name = only && 'text' in only && more.length === 0 ? /^([A-Za-z_]\w{0,200})(\+?)=$/.exec(only.text) : null
    if (!name?.[1]) return false
    this.#forget()
    this.#at += 1
    this.#tokens.push({ is: 'array', name: name[1], appends: name[2] === '+' })
    return true
  }

  #forget(): void {
    this.#pieces = []
    this.#quoted = false
    this.#started = false
  }

  #endWord(): void {
    if (!this.#started) return
    const pieces = this.#pieces
    const quoted = this.#quoted
    this.#forget()
    if (!this.#delimiter) return void this.#tokens.push({ is: 'word', pieces, quoted })
    this.#delimiter = false
    this.#documents.push(pieces.map((it) => ('text' in it ? it.text : it.expansion)).join(''))
  }

  #bodies(): void {
    for (const delimiter of this.#documents) {
      const start = this.#at
      let line = ''
      let end = start
      do {
        end = this.#at
        const newline = endOf(this.#script, '\n', this.#at)
        line = this.#script.slice(this.#at, newline)
        this.#at = newline + 1
      } while (line.trim() !== delimiter && this.#at < this.#script.length)
      this.#tokens.push({ is: 'document', body: this.#script.slice(start, end) })
    }
    this.#documents = []
  }
}

function endOf(script: string, what: string, from: number): number {
  const at = script.indexOf(what, from)
  return at < 0 ? script.length : at
}

/** The position behind `$X`, `${…}`, `$(…)` or a text in backquotes; an unfinished one ends with the script. */
function endOfExpansion(script: string, start: number): number {
  if (script.charAt(start) === '`') return endOf(script, '`', start + 1) + 1
  const next = script.charAt(start + 1)
  if (next === '{' || next === '(') return endOfNested(script, start + 1, next, next === '{' ? '}' : ')')
  const name = /^(?:[A-Za-z_]\w{0,200}|[0-9@*#?!$-])/.exec(script.slice(start + 1, start + 202))
  return start + 1 + (name?.[0].length ?? 0)
}

function endOfNested(script: string, start: number, opening: string, closing: string): number {
  let depth = 0
  for (let at = start; at < script.length; at++) {
    const character = script.charAt(at)
    if (character === '\\') at += 1
    else if (character === "'" && opening === '(') at = endOf(script, "'", at + 1)
    else if (character === opening) depth += 1
    else if (character === closing) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return script.length
}
