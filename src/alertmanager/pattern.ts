/** Names that a pattern found together. */
export interface Found {
  readonly pod?: string
  readonly namespace?: string
  readonly cluster?: string
  /** Where in the text. */
  readonly index: number
}

const names: Readonly<Record<string, string>> = {
  // Bounded, so that a text of any kind is read in time that grows with its length.
  pod: '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?',
  namespace: '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?',
  cluster: '[\\w.:/@-]{1,253}',
}

/**
 * All places where a text has the words of a pattern: `Pod: {pod}`. Blanks in it are any blanks; everything but the names in
 * braces is meant as it is written, in capitals or not.
 */
export function matchPattern(pattern: string, text: string): readonly Found[] {
  const parts = pattern.split(/\{(pod|namespace|cluster)\}/)
  const source = parts.map((part, index) => (index % 2 === 1 ? `(?<${part}>${names[part]})` : literal(part))).join('')
  return [...text.matchAll(new RegExp(source, 'gi'))].map(({ groups = {}, index }) => ({ ...groups, index }))
}

function literal(words: string): string {
  return words.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&').replaceAll(/\s+/g, '\\s+')
}
