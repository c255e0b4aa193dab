import { type ShellPiece, type ShellToken, shellTokens } from './lexer.ts'

/** A word of a script, with its expansions. */
export type ShellWord = Extract<ShellToken, { is: 'word' }>

export interface Assignment {
  readonly name: string
  readonly appends: boolean
  readonly pieces: readonly ShellPiece[]
}

export function assignment({ pieces }: ShellWord): Assignment | undefined {
  const [first, ...rest] = pieces
  const [, name, plus, text] = (first && 'text' in first && /^([A-Za-z_]\w{0,200})(\+?)=(.*)$/s.exec(first.text)) || []
  if (!name) return undefined
  return { name, appends: plus === '+', pieces: text ? [{ text }, ...rest] : rest }
}

export function literal(word: ShellWord | undefined): string | undefined {
  const [only, ...more] = word?.pieces ?? []
  return only && more.length === 0 && 'text' in only && !word?.quoted ? only.text : undefined
}

export function piecesOf(text: string): readonly ShellPiece[] {
  return shellTokens(`"${text.replace(/(?<!\\)"/g, '')}"`).flatMap((it) => (it.is === 'word' ? it.pieces : []))
}

/** Puts the bodies of functions aside: they run where they are called. */
export function withoutFunctions(tokens: readonly ShellToken[]) {
  const rest: ShellToken[] = []
  const functions = new Map<string, readonly ShellToken[]>()
  for (let at = 0; at < tokens.length; at++) {
    const body = functionAt(tokens, at)
    if (body) {
      functions.set(body.name, tokens.slice(body.start, body.end))
      at = body.end
    } else rest.push(tokens[at] as ShellToken) // at is below the length
  }
  return { rest, functions }
}

/** `name() { … }`, and `function name { … }`: where its body is. */
function functionAt(tokens: readonly ShellToken[], at: number) {
  const first = wordAt(tokens, at)
  const named = first === 'function' ? wordAt(tokens, at + 1) : first
  if (!named || !/^[A-Za-z_][\w-]{0,100}$/.test(named)) return undefined
  let next = at + (first === 'function' ? 2 : 1)
  const brackets = isOperator(tokens[next], '(') && isOperator(tokens[next + 1], ')')
  if (!brackets && first !== 'function') return undefined
  next += brackets ? 2 : 0
  while (isOperator(tokens[next], '\n')) next += 1
  if (wordAt(tokens, next) !== '{') return undefined
  const end = endOfBody(tokens, next)
  return { name: named, start: next + 1, end }
}

function endOfBody(tokens: readonly ShellToken[], opening: number): number {
  let depth = 0
  for (let at = opening; at < tokens.length; at++) {
    const word = wordAt(tokens, at)
    if (word === '{') depth += 1
    if (word === '}') depth -= 1
    if (depth === 0) return at
  }
  return tokens.length
}

function wordAt(tokens: readonly ShellToken[], at: number): string | undefined {
  const token = tokens[at]
  return token?.is === 'word' ? literal(token) : undefined
}

function isOperator(token: ShellToken | undefined, operator: string): boolean {
  return token?.is === 'operator' && token.operator === operator
}
