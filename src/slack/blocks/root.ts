import type { ContextBlock, KnownBlock, RichTextElement } from '@slack/types'
import type { Incident } from '../../incidents/incident.ts'
import { counted, plain, text } from '../../text.ts'
import { rich, when } from './elements.ts'
import { marks, summarize } from './headline.ts'

interface RootContext {
  /** A link to the incident that this one joined. */
  readonly into?: string | undefined
  /** A link to the thread of the previous incident of the same subject. */
  readonly previous?: string | undefined
  /** More than 1: somebody deleted the root before this one. */
  readonly begun: number
  /** Another organisation reads the channel now. */
  readonly shared: boolean
}

/**
 * The root of the thread: the state in two lines, and a context. It always keeps these two blocks, because an edit may not
 * change their types, and it has no buttons.
 */
export function rootBlocks(incident: Incident, of: RootContext): KnownBlock[] {
  return [
    rich.block(rich.section(...firstLine(incident), rich.lineBreak, ...secondLine(incident, of.into))),
    context(incident, of),
  ]
}

function firstLine(incident: Incident): readonly RichTextElement[] {
  const { mark, word, subject } = summarize(incident)
  const title = incident.verdicts.at(-1)?.title
  const cause = incident.state === 'open' && title ? `: ${lowerCaseFirst(title)}` : ''
  return [rich.plain(`${marks[mark]} `), rich.bold(`${word} · ${subject}${cause}`)]
}

function secondLine(incident: Incident, link: string | undefined): readonly RichTextElement[] {
  const { cluster, affected, subject, state, since, ended, check, into } = incident
  const place = `${cluster} / ${subject.namespace}`
  const failing = affected.workloads.filter((it) => it.state === 'failing')
  switch (state) {
    case 'checking':
      return [rich.plain(place)]
    case 'open':
      if (affected.workloads.length + affected.more > 1)
        return [...several(incident), rich.plain(' · since '), rich.time(since), rich.plain(` · ${cluster}`)]
      return [
        rich.plain(`${readyWords(failing[0] ?? affected.workloads[0])}since `),
        rich.time(since),
        rich.plain(` · ${place}`),
      ]
    case 'fixed':
    case 'quiet':
      return [rich.plain(summarize(incident).impact || place), ...lasted(since, ended?.at), ...doneBy(incident)]
    case 'gone':
    case 'elsewhere':
      return [...(ended?.proof.flatMap((it) => rich.words(it)) ?? []), rich.plain(` · ${place}`)]
    case 'joined':
      return [rich.plain('Part of '), link ? rich.link(link, `incident ${into}`) : rich.plain(`incident ${into}`)]
    case 'failed':
      return [...(check.failure ? rich.words(check.failure) : []), rich.plain(` · ${place}`)]
  }
}

function several(incident: Incident): readonly RichTextElement[] {
  const { failing, workloads, more, nodes, allNodes } = incident.affected
  if (failing === 0) return [rich.plain(summarize(incident).impact)]
  const count = workloads.filter(({ state }) => state === 'failing').length + more
  const onNodes = allNodes ? text`${nodes} of ${counted(allNodes, 'node')}` : counted(nodes, 'node')
  return [rich.plain(plain(text`${counted(failing, 'pod')} · ${counted(count, 'workload')} · ${onNodes}`))]
}

function readyWords(workload: Incident['affected']['workloads'][number] | undefined): string {
  return workload && workload.desired > 0 ? `${workload.ready} of ${workload.desired} ready ` : ''
}

function lasted(since: string, until: string | undefined): readonly RichTextElement[] {
  if (!until) return []
  const minutes = Math.max(1, Math.round((Date.parse(until) - Date.parse(since)) / 60_000))
  return [rich.plain(` · lasted ${minutes} min, `), rich.time(since), rich.plain(' to '), rich.time(until)]
}

/** `rerun build by @maya`: the last action that did not fail. */
function doneBy({ actions }: Incident): readonly RichTextElement[] {
  const last = actions.findLast(({ alone, state }) => alone && (state === 'done' || state === 'running'))
  return last?.by ? [rich.plain(` · ${lowerCaseFirst(last.label)} by `), rich.user(last.by.user)] : []
}

const waiting: Readonly<Record<Incident['state'], string>> = {
  checking: 'Checking',
  open: 'Waiting for a decision',
  fixed: 'Verified',
  quiet: 'Recovered on its own',
  gone: 'No pod is left to pull the image',
  elsewhere: 'All its images are pulled',
  joined: 'See that incident',
  failed: 'Check again when that is fixed',
}

function context(incident: Incident, { begun, shared, previous }: RootContext): ContextBlock {
  const { state, checkedAt, check, healing, alertsFiring, again } = incident
  const { mark } = summarize(incident)
  const heals = healing !== undefined || mark === 'working'
  // It is over when the next look at the cluster finds nothing either.
  const hasGone = mark === 'gone' && !incident.muted
  const running = incident.actions.find((it) => it.alone && (it.state === 'approved' || it.state === 'running'))
  const doing =
    state !== 'open'
      ? waiting[state]
      : running
        ? `${running.label} is running`
        : heals
          ? 'Watching it recover'
          : hasGone
            ? 'Making sure that no pod is left'
            : waiting.open
  const parts = [
    doing,
    `incident ${incident.id}`,
    ...(checkedAt ? [`checked ${when(checkedAt)}`] : []),
    ...(incident.muted ? [`muted until ${when(incident.muted.until)}`] : []),
    ...(check.interruptedAt && check.state === 'running' ? [`interrupted ${when(check.interruptedAt)}, resumed`] : []),
    ...(state === 'open' && !heals && !hasGone && alertsFiring === 0
      ? ['its alerts are resolved, but it still fails']
      : []),
    ...(again > 0 ? [`happened again ${again === 1 ? 'once' : `${again} times`}`] : []),
    ...(previous ? [`<${previous}|previous incident>`] : []),
    ...(shared ? ['this channel is now shared with another organisation: ask in another channel'] : []),
    ...(begun > 1 ? ['the message before this one was deleted'] : []),
  ]
  return { type: 'context', elements: [{ type: 'mrkdwn', text: parts.join(' · '), verbatim: true }] }
}

function lowerCaseFirst(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title
}

/** The last reply of a repaired incident: what was verified, and how to prevent it. */
export function endedBlocks({ ended, diagnosis }: Incident): KnownBlock[] {
  const proof = ended?.proof ?? []
  const prevent = diagnosis?.failing[0]?.verdict.prevent ?? []
  return [
    rich.block(
      rich.section(rich.bold('Fixed and verified.')),
      ...(proof.length > 0 ? [rich.bullets(proof.map((it) => rich.words(it)))] : []),
      ...(prevent.length > 0
        ? [rich.section(rich.italic('Prevention:')), rich.bullets(prevent.slice(0, 3).map((it) => rich.words(it)))]
        : []),
    ),
  ]
}
