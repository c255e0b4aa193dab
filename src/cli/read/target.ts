import { z } from 'zod'
import { guessTarget } from '../../target/guess.ts'
import { kubernetesKind } from '../../target/kind.ts'
import { mentionsIn } from '../../target/mentions.ts'
import { parseTarget, type Target } from '../../target/parse.ts'
import { plainWords } from '../../target/plain-words.ts'
import { rulesOf } from './alerts.ts'
import { BadInput, type Reader, type ReadOptions } from './reader.ts'

const inputSchema = z.union([z.string().transform((text) => ({ text })), z.object({ text: z.string() })])

/** Reads what a person types, or `{"text"}`, as `{"target"}` or `{"error"}`; with `--guess` as the message shortcut does. */
export function createTargetReader(options: ReadOptions): Reader {
  const { explain, guess } = options
  const { clusters } = rulesOf(options)
  return (input) => {
    const parsed = inputSchema.safeParse(input)
    if (!parsed.success) throw new BadInput('expected a string, or {"text": "…"}')
    const { text } = parsed.data
    return {
      ...(guess ? guessed(text, clusters) : typed(text, clusters)),
      ...(explain && { explain: explanationOf(text) }),
    }
  }
}

function typed(text: string, clusters: Iterable<string>): object {
  const parsed = parseTarget(text, clusters)
  if (!parsed.valid) return { error: parsed.reason }
  return { target: shown(parsed.target), ...(parsed.others && { others: parsed.others.map(shown) }) }
}

function guessed(text: string, clusters: Iterable<string>): object {
  const target = guessTarget(text, clusters)
  return target ? { target: shown(target) } : { error: 'No target found.' }
}

/** A pod has no kind. */
function shown({ context, namespace, kind, name }: Target): object {
  return { cluster: context, namespace, kind: kind && kind !== 'pods' ? kubernetesKind(kind) : undefined, name }
}

function explanationOf(text: string): object {
  const lines = plainWords(text).split('\n')
  return { mentions: lines.flatMap((line) => mentionsIn(line).mentions) }
}
