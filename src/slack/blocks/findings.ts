import type { ContextBlock, KnownBlock, RichTextBlock, RichTextElement } from '@slack/types'
import type { Incident } from '../../incidents/incident.ts'
import type { ContainerDiagnosis, Evidence, Remedy } from '../../playbooks/image-pull/model.ts'
import { shell } from '../../shell.ts'
import { plain, type Text, text, visible } from '../../text.ts'
import { detailsContainer } from './details.ts'
import { rich, shorten, when } from './elements.ts'
import { marks } from './headline.ts'
import { affectedTable, offerButtons } from './offers.ts'
import { planTitle } from './progress.ts'

export interface FindingsForm {
  /** `window`: the workspace refuses containers in messages, so a button opens a window instead. */
  readonly details: 'container' | 'window'
  /** Only a thread has buttons. */
  readonly buttons: boolean
}

/** The findings: verdict, impact, reasons, what to do, the buttons, and the collapsed details. */
export function findingsBlocks(incident: Incident, { details, buttons }: FindingsForm): KnownBlock[] {
  const asker = incident.askers.at(-1)?.user
  const opened = details === 'container' ? [affectedTable(incident), detailsContainer(incident)] : []
  return [
    rich.block(...findingsParts(incident, asker)),
    ...(buttons ? [underWay(incident) ?? offerButtons(incident, details)] : []),
    ...opened.filter((block) => block !== undefined),
    context(incident),
  ]
}

/** Shows who pressed what, in place of the buttons, until there is a result. undefined: nothing is running. */
function underWay({ pressed, actions }: Incident): ContextBlock | undefined {
  const running = actions.filter(({ alone, state }) => alone && (state === 'approved' || state === 'running'))
  const lines = [
    ...running.flatMap(({ label, by }) => (by ? [`${label} · <@${by.user}> · ${when(by.at)}`] : [])),
    ...(pressed ? [`Check again · <@${pressed.by}> · ${when(pressed.at)}`] : []),
  ]
  const [first] = lines
  if (!first) return undefined
  return { type: 'context', elements: [{ type: 'mrkdwn', text: `${marks.working} ${first}`, verbatim: true }] }
}

function context({ id, check, checkedAt, flaps, cluster }: Incident): ContextBlock {
  const parts = [
    `incident ${id}`,
    ...(checkedAt ? [`${planTitle(check)}, ${when(checkedAt, '{time_secs}')}`] : []),
    ...(flaps > 0 ? [`the verdict changed back and forth ${flaps} times`] : []),
  ]
  return {
    type: 'context',
    elements: [
      { type: 'mrkdwn', text: parts.join(' · '), verbatim: true },
      { type: 'plain_text', text: visible(shorten(cluster, 80)) },
    ],
  }
}

type Element = RichTextBlock['elements'][number]

/** A part of the findings that can be left out. */
interface Part {
  readonly id: PartId
  readonly elements: readonly Element[]
}
type PartId = 'verdict' | 'impact' | 'waits' | 'change' | 'why' | 'unsure' | 'containers' | 'do' | 'command'

/** Characters that the findings may show without collapsing. */
const room = 900
/** The order in which parts are left out if the findings are too long. The verdict and its impact always stay. */
const droppedFirst: readonly PartId[] = ['containers', 'waits', 'command', 'change', 'unsure', 'why', 'do']
const shownReasons = 3
const limits = { name: 60, words: 160, command: 400 } as const

/** The parts that a reader sees first. `asker` is mentioned. */
function findingsParts(incident: Incident, asker: string | undefined): readonly Element[] {
  const first = incident.diagnosis?.failing[0]
  if (!first) return []
  const all: readonly Part[] = [
    { id: 'verdict', elements: [verdictLine(first, asker)] },
    { id: 'impact', elements: impactLine(incident) },
    { id: 'waits', elements: waitsLine(incident) },
    { id: 'change', elements: changeLine(first) },
    { id: 'why', elements: whyLines(first.verdict.because) },
    { id: 'unsure', elements: unsureLine(first) },
    { id: 'containers', elements: containersLine(incident) },
    ...doParts(first.verdict.remedies),
  ]
  return fitting(all).flatMap(({ elements }) => elements)
}

function fitting(parts: readonly Part[]): readonly Part[] {
  const tooLong = (kept: readonly Part[]): boolean =>
    kept.reduce((sum, part) => sum + countCharacters(part.elements), 0) > room
  return droppedFirst.reduce((kept, id) => (tooLong(kept) ? kept.filter((part) => part.id !== id) : kept), parts)
}

/** Counts the characters that a reader sees; a mention or a date counts none, because Slack writes it. */
function countCharacters(elements: readonly (Element | RichTextElement)[]): number {
  return elements.reduce((sum, element) => {
    if ('elements' in element) return sum + countCharacters(element.elements)
    return 'text' in element ? sum + (element.text?.length ?? 0) : sum
  }, 0)
}

function verdictLine({ verdict }: ContainerDiagnosis, asker: string | undefined): Element {
  return rich.section(
    ...(asker ? [rich.user(asker), rich.plain(' ')] : []),
    rich.bold(`${verdict.title}.`),
    rich.plain(' '),
    ...rich.words(shortened(verdict.summary)),
    rich.plain(' ('),
    rich.bold(verdict.confidence),
    rich.plain(')'),
  )
}

function impactLine({ affected, since }: Incident): readonly Element[] {
  const failing = affected.workloads.filter(({ state }) => state === 'failing')
  const [first] = failing
  if (!first)
    return [rich.section(rich.bold('Impact: '), rich.plain("no pod is failing to pull now. I'll keep watching."))]
  const words = failing.length + affected.more > 1 ? severalWords(affected) : oneWord(first)
  return [
    rich.section(rich.bold('Impact: '), rich.plain(words), rich.plain(', since '), rich.time(since), rich.plain('.')),
  ]
}

type Affected = Incident['affected']
type Workload = Affected['workloads'][number]

function oneWord({ impact, ready, desired }: Workload): string {
  const count = `${ready} of ${desired} ready`
  if (impact === 'down') return `DOWN, ${count}: no pod serves`
  if (impact === 'serving') return `still serving, ${count}; the new pods are waiting`
  if (impact === 'degraded') return `serving with fewer pods, ${count}`
  return impact === 'no-traffic' ? 'it serves no traffic' : 'unknown'
}

function severalWords({ failing, workloads, more }: Affected): string {
  const stuck = workloads.filter(({ state }) => state === 'failing')
  const down = stuck.filter(({ impact }) => impact === 'down')
  const named = down.slice(0, shownReasons).map(({ name }) => shorten(name, limits.name))
  const others = down.length > named.length ? ` and ${down.length - named.length} more` : ''
  const downWords = down.length > 0 ? `; DOWN: ${named.join(', ')}${others}` : '; all still serve'
  return `${failing} ${failing === 1 ? 'pod' : 'pods'} of ${stuck.length + more} workloads${downWords}`
}

/** Tells whether it can wait until morning. */
function waitsLine({ affected }: Incident): readonly Element[] {
  const failing = affected.workloads.filter(({ state }) => state === 'failing')
  const [only] = failing
  if (!only || affected.more > 0 || failing.some(({ impact }) => impact !== 'serving')) return []
  const who = failing.length === 1 ? `all ${only.ready} replicas are serving` : 'all replicas are serving'
  return [rich.section(rich.bold('Can it wait? '), rich.plain(`Yes: ${who}, but losing a node would hurt.`))]
}

function changeLine({ change }: ContainerDiagnosis): readonly Element[] {
  if (!change) return []
  const { imageBefore, when, by, stillPulls } = change
  const whose = by ? text` by ${by}` : text``
  const still =
    stillPulls === undefined
      ? text``
      : stillPulls
        ? text`, which still pulls`
        : text`, which is gone from the registry too`
  const words = shortened(text`${whose}; before it was ${imageBefore}${still}.`)
  return [rich.section(rich.bold('Changed '), rich.time(when), ...rich.words(words))]
}

function whyLines(because: readonly Evidence[]): readonly Element[] {
  if (because.length === 0) return []
  const lines = because
    .slice(0, shownReasons)
    .map(({ says, confidence }) => [...rich.words(shortened(says)), rich.italic(` (${confidence})`)])
  return [rich.section(rich.bold('Why:')), rich.bullets(lines)]
}

/** A verdict that is not proven names what could not be checked. */
function unsureLine({ verdict, undetermined }: ContainerDiagnosis): readonly Element[] {
  const open = undetermined.find(({ cause }) => cause === verdict.cause) ?? undetermined[0]
  if (verdict.confidence === 'proven' || !open) return []
  return [rich.section(rich.bold('Not certain: '), ...rich.words(shortened(text`${open.reason}.`)))]
}

function containersLine({ diagnosis }: Incident): readonly Element[] {
  const [first, ...others] = diagnosis?.failing ?? []
  if (!first || others.length === 0) return []
  const same = others.filter(({ verdict, image }) => verdict.cause === first.verdict.cause && image === first.image)
  const named = [first, ...same].slice(0, shownReasons).map(({ container }) => shorten(container, limits.name))
  const more = same.length + 1 - named.length
  const other = others.length - same.length
  const words = text`${named.join(', ')}${more > 0 ? text`, ${more} more, same cause` : text``}${other > 0 ? text`; ${other} with another cause or image` : text``}.`
  return [rich.section(rich.bold('Containers: '), ...rich.words(words))]
}

function doParts([first]: readonly Remedy[]): readonly Part[] {
  if (!first) return []
  const command = shortCommand(first)
  return [
    { id: 'do', elements: [rich.section(rich.bold('Do now: '), ...rich.words(shortened(first.title)))] },
    ...(command ? [{ id: 'command' as const, elements: [rich.preformatted(command)] }] : []),
  ]
}

/** A cut command cannot be pasted, so a long one is only in the details. */
function shortCommand(remedy: Remedy): string | undefined {
  const whole = remedy.kind === 'command' ? shell(remedy) : remedy.kind === 'patch' ? remedy.patch.trimEnd() : undefined
  return whole !== undefined && whole.length <= limits.command ? whole : undefined
}

/** Cuts names, and long texts of others, in the middle. */
function shortened({ parts }: Text): Text {
  return {
    parts: parts.map((part) => {
      if (typeof part === 'string') return part
      const limit = /\s/.test(part.data) ? limits.words : limits.name
      return { data: shorten(plain({ parts: [part] }), limit) }
    }),
  }
}
