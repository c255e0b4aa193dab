import type { AlertRules } from '../../alertmanager/rules.ts'
import { toAlertRules } from '../../app/from-config.ts'
import { configurationSchema } from '../../config/configuration.ts'
import type { Alert, AlertTarget } from '../../incidents/alerts/alert.ts'
import { CommandError } from '../errors.ts'
import type { ReadOptions } from './reader.ts'

/** The rules of `--names` and `--patterns`; what is not given has the configuration's default. */
export function rulesOf({ names, patterns, clusters }: ReadOptions): AlertRules {
  const parsed = configurationSchema.safeParse({
    alerts: { ...listed('names', names), ...listed('patterns', patterns) },
    clusters: wordsIn(clusters).map((name) => ({ name })),
  })
  if (parsed.success) return toAlertRules(parsed.data)
  const said = parsed.error.issues[0]?.message ?? 'is not valid'
  throw new CommandError(2, 'usage', `A name or pattern ${said}.`, 'As in `alerts` of the configuration.', [], {
    cause: parsed.error,
  })
}

function listed(key: string, value: unknown): object {
  if (value === undefined) return {}
  return { [key]: Array.isArray(value) ? value : wordsIn(value) }
}

function wordsIn(value: unknown): readonly string[] {
  if (typeof value !== 'string') return []
  return value
    .split(',')
    .map((it) => it.trim())
    .filter(Boolean)
}

/** One alert as `read` shows it. */
export function shownAlert({ firing, cluster, target }: Alert): object {
  return { status: firing ? 'firing' : 'resolved', ...(cluster && { cluster }), target: shownTarget(target) }
}

/** A pod has no kind. */
function shownTarget(target: AlertTarget): object {
  switch (target.about) {
    case 'cluster':
      return { everything: true }
    case 'namespace':
      return { namespace: target.namespace }
    case 'pod':
      return { namespace: target.namespace, name: target.pod }
    case 'workload':
      return { namespace: target.namespace, ...(target.kind && { kind: target.kind }), name: target.name }
    case 'words':
      return { ...(target.namespace && { namespace: target.namespace }), words: target.words }
  }
}
