import { createHash } from 'node:crypto'
import type { Alert, AlertPost, AlertTarget } from '../incidents/alert.ts'
import type { AlertRules } from './alert-rules.ts'
import { isDnsName } from './is-dns-name.ts'
import { labelSets } from './label-sets.ts'
import { type Post, wordsOf } from './post.ts'
import { severityOf } from './severity-of.ts'
import { targetOfLabels } from './target-of-labels.ts'

const limits = { alerts: 200, words: 50 } as const

/**
 * The alerts that a post tells of. Empty: none of the named rules. A post's own template may name labels, or values alone:
 * then all its words are kept that could be a name, to be compared with what fails in the cluster.
 * @param at Since when it says so: its own time, or that of its newest edit.
 */
export function readPost(post: Post, place: AlertPost, at: Date, rules: AlertRules): readonly Alert[] {
  const text = wordsOf(post)
  const name = [...rules.names].find((it) => hasWord(text, it))
  if (!name) return []
  const status = statusOf(text)
  const sets = labelSets(text, rules).filter(({ labels }) => targetOfLabels(labels).about !== 'cluster')
  const named = sets.map(({ labels, firing }) => ({
    target: targetOfLabels(labels),
    firing: firing ?? status.firing,
    cluster: labels[rules.clusterLabel] ?? '',
    severity: severityOf(labels.severity),
  }))
  const words: AlertTarget = {
    about: 'words',
    words: [...namesIn(text, rules)].toSorted(),
    several: status.count !== 1,
  }
  const all =
    named.length > 0 ? named : [{ target: words, firing: status.firing, cluster: '', severity: 'warning' as const }]
  return all.slice(0, limits.alerts).map((it) => ({
    ...it,
    post: place,
    name,
    of: identityOf(place, it.target),
    since: at.toISOString(),
    labels: {},
  }))
}

function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word)
  return at >= 0 && !/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + word.length))
}

interface Status {
  readonly firing: boolean
  /** 0: it does not tell. */
  readonly count: number
}

/** `[FIRING:2]`, `[FIRING:1, RESOLVED:2]`, `[RESOLVED]`: how Alertmanager's and Grafana's own templates begin. */
function statusOf(text: string): Status {
  const [, count] = /\[FIRING:(\d{1,6})/i.exec(text) ?? []
  if (count) return { firing: true, count: Number(count) }
  return { firing: !/\bresolved\b/i.test(text.slice(0, 200)), count: 0 }
}

function namesIn(text: string, { names }: AlertRules): ReadonlySet<string> {
  const words = text.split(/[\s"'`*_~()[\]{},;|<>=/]+|[:.](?=\s|$)/)
  const fit = words.filter((word) => word.length > 1 && isDnsName(word) && !names.has(word))
  return new Set([...new Set(fit)].slice(0, limits.words))
}

function identityOf({ channel, ts }: AlertPost, target: AlertTarget): string {
  return createHash('sha256')
    .update(JSON.stringify([channel, ts, target]))
    .digest('base64url')
    .slice(0, 22)
}
