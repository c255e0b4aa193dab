import { type Document, LineCounter, parseDocument } from 'yaml'

/** The first document of a text. undefined: it is not valid YAML, a Helm template for example. */
export function parseManifest(text: string, lineCounter = new LineCounter()): Document.Parsed | undefined {
  try {
    // `silent` lets a second document pass: the separator after the first is part of the text.
    const document = parseDocument(text, { lineCounter, logLevel: 'silent' })
    return document.errors.length === 0 ? document : undefined
  } catch {
    return undefined // nested deeper than the parser's stack
  }
}
