/** A sentence whose interpolations stay data until an exit (terminal, JSON, Slack) renders them. Plain JSON. */
export interface Text {
  /** Literal words and untrusted data, in order. */
  readonly parts: readonly (string | { readonly data: string })[]
}

type Interpolation = string | number | Text

/** `` text`Tag ${tag} is missing` ``: a nested Text keeps its own literals; everything else is data. */
export function text(literals: TemplateStringsArray, ...values: readonly Interpolation[]): Text {
  const parts = literals.flatMap((literal, index) => {
    const value = values[index]
    if (value === undefined) return [literal]
    return typeof value === 'object' ? [literal, ...value.parts] : [literal, { data: String(value) }]
  })
  return { parts: parts.filter((part) => part !== '') }
}

/** Several texts as one, with a literal between them. */
export function joinTexts(texts: readonly Text[], separator: string): Text {
  return { parts: texts.flatMap((each, index) => (index === 0 ? each.parts : [separator, ...each.parts])) }
}

// C0, C1 and DEL, line separators, bidirectional controls, annotations, half a surrogate pair, and what Unicode calls
// ignorable: zero-width characters, fillers, soft hyphens, tags, selectors. Each can make a terminal or a reader see another
// text than the one that is there. U+FE0F only gives an emoji its colours.
const invisible =
  /[\p{Cc}\p{Surrogate}\u2028-\u202e\u2060-\u206f\ufff9-\ufffb[\p{Default_Ignorable_Code_Point}--\ufe0f]]+/gv

/** Untrusted text on one line, without characters that a reader cannot see. */
export function visible(data: string): string {
  return data.replace(invisible, ' ')
}

/** For exits without markup: a terminal, JSON, a log. */
export function plain(of: Text): string {
  return of.parts.map((part) => (typeof part === 'string' ? part : visible(part.data))).join('')
}

/** `1 tag`, `2 tags`, `2 repositories`. */
export function counted(count: number, one: string, many = `${one}s`): Text {
  return text`${count} ${{ parts: [count === 1 ? one : many] }}`
}
