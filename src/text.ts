/** A sentence whose interpolations stay data until an exit (terminal, JSON, Slack) renders them. Plain JSON. */
export interface Text {
  /** Literal words and untrusted data, in order. */
  readonly parts: readonly (string | { readonly data: string })[]
}

type Interpolation = string | number | Text

/** Makes a Text: `` text`Tag ${tag} is missing` ``. A nested Text keeps its own literals; every other value is data. */
export function text(literals: TemplateStringsArray, ...values: readonly Interpolation[]): Text {
  const parts = literals.flatMap((literal, index) => {
    const value = values[index]
    if (value === undefined) return [literal]
    return typeof value === 'object' ? [literal, ...value.parts] : [literal, { data: String(value) }]
  })
  return { parts: parts.filter((part) => part !== '') }
}

/** Joins texts with a literal separator. */
export function joinTexts(texts: readonly Text[], separator: string): Text {
  return { parts: texts.flatMap((each, index) => (index === 0 ? each.parts : [separator, ...each.parts])) }
}

// C0, C1 and DEL, line separators, bidirectional controls, annotations, lone surrogates, and the characters that Unicode
// calls ignorable: zero-width characters, fillers, soft hyphens, tags, selectors. With each of them, a terminal or a person
// may see a different text from the one that is there. U+FE0F is kept, because it only gives an emoji its colours.
const invisible =
  /[\p{Cc}\p{Surrogate}\u2028-\u202e\u2060-\u206f\ufff9-\ufffb[\p{Default_Ignorable_Code_Point}--\ufe0f]]+/gv

/** Returns untrusted text on one line, without characters that a person cannot see. */
export function visible(data: string): string {
  return data.replace(invisible, ' ')
}

/** Renders a Text for exits without markup: a terminal, JSON, a log. */
export function plain(of: Text): string {
  return of.parts.map((part) => (typeof part === 'string' ? part : visible(part.data))).join('')
}

/** Returns a count with its noun: `1 tag`, `2 tags`, `2 repositories`. */
export function counted(count: number, one: string, many = `${one}s`): Text {
  return text`${count} ${{ parts: [count === 1 ? one : many] }}`
}
