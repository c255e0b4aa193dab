import { parseAllDocuments } from 'yaml'
import { readManifests } from '../../builds/read-manifests.ts'
import { BadInput, type Reader } from './reader.ts'

/** Characters of one input, and aliases that one document may use. */
const limits = { characters: 8_388_608, aliases: 100 } as const

/** Reads Kubernetes objects, as YAML, JSON or a List, as `{"builds": [{"object", "container", "tool", "destinations", "open"}]}`. */
export function createManifestReader(): Reader {
  return (input) => ({ builds: readManifests(documentsOf(input)) })
}

function documentsOf(input: unknown): readonly unknown[] {
  if (typeof input === 'object' && input !== null) return 'manifest' in input ? documentsOf(input.manifest) : [input]
  if (typeof input !== 'string') throw new BadInput('expected Kubernetes objects, as YAML or JSON')
  if (input.length > limits.characters) throw new BadInput(`longer than ${limits.characters} characters`)
  const parsed = parseAllDocuments(input, { logLevel: 'silent' })
  const documents = 'empty' in parsed ? [] : parsed
  const valid = documents.filter(({ errors }) => errors.length === 0)
  if (valid.length === 0 && documents.length > 0)
    throw new BadInput(`invalid YAML: ${documents[0]?.errors[0]?.message ?? ''}`)
  return valid.map(plainValue)
}

function plainValue(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: limits.aliases })
  } catch {
    throw new BadInput('a document is nested too deeply or has too many aliases')
  }
}
