import type { KnownBlock } from '@slack/types'
import type { AffectedWorkload, Incident } from '../../incidents/incident.ts'
import { fitted, rich, shorten, shortImage } from './elements.ts'

/** The meaning of the mark before an incident. */
export type Mark = 'down' | 'stuck' | 'working' | 'fixed' | 'gone'

export const marks: Readonly<Record<Mark, string>> = {
  down: '🔴',
  stuck: '🟠',
  working: '🔵',
  fixed: '✅',
  gone: '⚪',
}

/** The state of an incident in the few words that its root and its notification share. */
export interface Summary {
  readonly mark: Mark
  /** `DOWN`, `3 DOWN, 11 STUCK`, `STUCK, STILL SERVING`. */
  readonly word: string
  /** A workload, a registry or a node, shortened. */
  readonly subject: string
  /** `0 of 1 ready`, `200 pods, 14 workloads, 3 DOWN`. */
  readonly impact: string
}

export function summarize(incident: Incident): Summary {
  const failing = incident.affected.workloads.filter(({ state }) => state === 'failing')
  const subject = subjectName(incident)
  const fixedWord = { fixed: 'FIXED', gone: 'GONE', quiet: 'FIXED', joined: 'JOINED', failed: 'NOT CHECKED' }
  const elsewhereWord = incident.verdicts.length > 0 ? 'PULLED, NOT READY' : 'NOT A PULL PROBLEM'
  switch (incident.state) {
    case 'checking':
      return { mark: 'working', word: 'WORKING', subject, impact: '' }
    case 'open': {
      const { mark, word, impact } = openWord(incident, failing)
      return incident.muted ? { mark: 'gone', word: 'MUTED', subject, impact } : { mark, word, subject, impact }
    }
    case 'fixed':
    case 'quiet':
      return {
        mark: 'fixed',
        word: fixedWord[incident.state],
        subject,
        impact: describeReady(incident.affected.workloads),
      }
    case 'elsewhere':
      return { mark: 'gone', word: elsewhereWord, subject, impact: '' }
    case 'gone':
    case 'joined':
    case 'failed':
      return { mark: 'gone', word: fixedWord[incident.state], subject, impact: '' }
  }
}

function openWord(incident: Incident, failing: readonly AffectedWorkload[]): Omit<Summary, 'subject'> {
  const { failing: pods, more } = incident.affected
  const down = failing.filter(({ impact }) => impact === 'down').length
  const workloads = failing.length + more
  const several = incident.affected.workloads.length + more > 1
  const recovering = incident.affected.workloads.some(({ state }) => state === 'recovering' || state === 'recovered')
  if (workloads === 0 && recovering)
    return { mark: 'working', word: 'RECOVERING', impact: describeRecovery(incident.affected) }
  if (workloads === 0 && incident.affected.workloads.length > 0) return { mark: 'gone', word: 'GONE', impact: 'gone' }
  if (!several) return single(failing[0])
  const stuck = workloads - down
  const words = [down > 0 ? `${down} DOWN` : '', stuck > 0 ? `${stuck} STUCK` : ''].filter(Boolean).join(', ')
  const impact = [
    `${pods} ${pods === 1 ? 'pod' : 'pods'}`,
    `${workloads} ${workloads === 1 ? 'workload' : 'workloads'}`,
    ...(down > 0 ? [`${down} DOWN`] : []),
  ].join(', ')
  return { mark: down > 0 ? 'down' : 'stuck', word: words, impact }
}

function single(workload: AffectedWorkload | undefined): Omit<Summary, 'subject'> {
  const count = workload && workload.desired > 0 ? `${workload.ready} of ${workload.desired} ready` : ''
  if (workload?.impact === 'down') return { mark: 'down', word: 'DOWN', impact: `DOWN, ${count}` }
  const serves = workload?.impact === 'serving' || workload?.impact === 'degraded'
  if (serves) return { mark: 'stuck', word: 'STUCK, STILL SERVING', impact: `stuck, still serving, ${count}` }
  return { mark: 'stuck', word: 'STUCK', impact: 'stuck' }
}

function describeRecovery({ workloads }: Incident['affected']): string {
  return `recovering, ${describeReady(workloads)}`
}

function describeReady(workloads: readonly AffectedWorkload[]): string {
  const [only, ...others] = workloads
  if (!only) return ''
  if (others.length === 0) return only.desired > 0 ? `${only.ready} of ${only.desired} ready` : ''
  const recovered = workloads.filter(({ state }) => state === 'recovered').length
  return `${recovered} of ${workloads.length} workloads recovered`
}

/** Names one workload by its name, and several by what they have in common. */
function subjectName({ subject, about, affected }: Incident): string {
  const [first] = affected.workloads
  if (affected.workloads.length + affected.more <= 1) return shorten(first?.name ?? subject.workload.name, 60)
  switch (about) {
    case 'registry':
      return `registry ${shorten(subject.host, 50)}`
    case 'node':
      return shorten(subject.node, 60)
    case 'namespace':
      return `${shorten(subject.namespace, 40)} at ${shorten(subject.host, 40)}`
    default:
      return shortImage(subject.image)
  }
}

/** Returns the `text` of a post about an incident: cause, subject, impact, since, cluster. It is safe as mrkdwn. */
export function notification(incident: Incident): string {
  const { subject, impact, word } = summarize(incident)
  const since = `${new Date(incident.since).toISOString().slice(11, 16)} UTC`
  const title = incident.verdicts.at(-1)?.title
  const { cluster } = incident
  switch (incident.state) {
    case 'checking':
      return fitted((name) => `Checking ${name}. ${cluster}`, subject)
    case 'open':
      return fitted(
        (name) => `${title}: ${name}. ${impact}${impact.includes('DOWN') ? ` since ${since}` : ''}. ${cluster}`,
        subject,
      )
    case 'fixed':
    case 'quiet':
      return fitted((name) => `Fixed: ${name}${impact ? `, ${impact}` : ''}. ${cluster}`, subject)
    default:
      return fitted((name) => `${sentenceCase(word)}: ${name}. ${cluster}`, subject)
  }
}

function sentenceCase(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase()
}

/** The post in another channel where somebody asked. `link` undefined: the thread is in a private channel. */
export function echoBlocks(incident: Incident, link: string | undefined): KnownBlock[] {
  const { mark, word, subject } = summarize(incident)
  const title = incident.verdicts.at(-1)?.title ?? 'checking'
  const first = link ? `${word} · ${subject}: ${title}` : `${word} · ${title}`
  const second = link ? rich.link(link, 'See the thread') : rich.plain('Answered in a private channel.')
  return [rich.block(rich.section(rich.plain(`${marks[mark]} `), rich.bold(first), rich.lineBreak, second))]
}
