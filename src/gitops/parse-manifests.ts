import { parseAllDocuments } from 'yaml'

const documentsLimit = 100

/** All documents of a file as plain values; what is no valid YAML is left out, and so is what needs aliases. */
export function parseManifests(content: string): readonly unknown[] {
  try {
    const documents = parseAllDocuments(content, { logLevel: 'silent' })
    const list = 'empty' in documents ? [] : documents
    return list.slice(0, documentsLimit).flatMap((document) => {
      return document.errors.length === 0 ? [document.toJS({ maxAliasCount: 0 })] : []
    })
  } catch {
    return [] // too deep, or an alias
  }
}
