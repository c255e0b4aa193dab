import type { Cluster } from '../kubernetes/cluster.ts'
import { typedTarget } from '../target/guess.ts'
import { locateTarget } from '../target/locate-target.ts'
import type { Located } from '../target/located.ts'
import { parseTarget, type Target } from '../target/parse-target.ts'
import { CommandError } from './command-error.ts'

/** Reads what was typed; options win over what stands in it. Throws CommandError. */
export function readTarget(typed: string, options: { readonly namespace?: string; readonly context?: string }): Target {
  const parsed = parseTarget(typed)
  if (!parsed.valid) throw new CommandError(2, 'invalid-target', parsed.reason, 'See `imagepull help diagnose`.')
  if (parsed.others) {
    const named = [parsed.target, ...parsed.others].map(typedTarget)
    throw new CommandError(3, 'ambiguous', `This names ${named.length} objects.`, 'Name one of them.', named)
  }
  const { namespace, context } = options
  return { ...parsed.target, ...(namespace && { namespace }), ...(context && { context }) }
}

type Found = Exclude<Located, { found: 'none' | 'several' }>

/** Throws CommandError with candidates where the target is unknown or means several. */
export async function findPod(cluster: Cluster, target: Target, signal: AbortSignal): Promise<Found> {
  const located = await locateTarget(cluster, target, signal)
  const where = target.namespace ?? cluster.namespace
  const what = target.kind ? `${target.kind.replace(/s$/, '')}/${target.name}` : target.name
  if (located.found === 'several') {
    throw new CommandError(
      3,
      'ambiguous',
      `"${what}" means several in ${cluster.name}.`,
      'Name one of them, with its namespace.',
      located.candidates,
    )
  }
  if (located.found === 'none') {
    const near =
      located.candidates.length > 0
        ? 'Did you mean one of these?'
        : 'Check the name, the namespace (-n) and the context (--context).'
    const unseen = located.unseen.length > 0 ? ` Not looked at: ${located.unseen.join(', ')}.` : ''
    throw new CommandError(
      3,
      'not-found',
      `There is no "${what}" in ${cluster.name} (namespace ${where}).${unseen}`,
      near,
      located.candidates,
    )
  }
  return located
}
