import type { ContainerBlock, KnownBlock, ModalView, SectionBlock } from '@slack/types'
import type { Incident } from '../../incidents/incident.ts'
import type { ContainerDiagnosis, Diagnosis, PullFinding, Remedy } from '../../playbooks/image-pull/model.ts'
import { redact } from '../../secret.ts'
import { shell } from '../../shell.ts'
import { plain, type Text, text } from '../../text.ts'
import { rich, shorten } from './elements.ts'

/** https://docs.slack.dev/reference/block-kit/blocks/container-block: children; and characters that leave room for the rest. */
const limits = { children: 10, section: 1_000, all: 6_000, title: 150 } as const

/** The collapsed details under the findings. undefined: there are none. */
export function detailsContainer(incident: Incident): ContainerBlock | undefined {
  const parts = detailParts(incident)
  if (parts.length === 0) return undefined
  const each = Math.min(limits.section, Math.floor(limits.all / parts.length))
  return {
    type: 'container',
    title: { type: 'plain_text', text: shorten(toTitle(parts), limits.title) },
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: parts.slice(0, limits.children).map((part) => section(part, each)),
  }
}

/** Names the parts that a reader may want to open: `Evidence 9 · What to do 3 · Not checked 1`. */
function toTitle(parts: readonly DetailPart[]): string {
  const named = parts.filter(({ inTitle }) => inTitle !== undefined)
  return named
    .map(({ title, lines, inTitle }) => (inTitle === 'counted' ? `${title} ${lines.length}` : title))
    .join(' · ')
}

// Plain text, so that text from a cluster or a registry cannot become markup. A container takes no rich text.
function section({ title, lines }: DetailPart, limit: number): SectionBlock {
  const whole = [title, ...lines.map(toLine)].join('\n')
  return { type: 'section', text: { type: 'plain_text', text: cutAtLine(whole, limit) } }
}

function toLine(line: DetailLine): string {
  return 'command' in line ? `    ${line.command.replaceAll('\n', '\n    ')}` : `• ${redact(plain(line.words))}`
}

function cutAtLine(whole: string, limit: number): string {
  if (whole.length <= limit) return whole
  const cut = whole.slice(0, limit - 20)
  const end = cut.lastIndexOf('\n')
  return `${end > limit / 2 ? cut.slice(0, end) : cut}\n… more in Details`
}

/** Characters of one part: Slack refuses a view of 250 KB, and nobody reads that much. */
const partLimit = 6_000

/** All details in a window: from the menu, and where a workspace refuses containers in messages. */
export function detailsView(incident: Incident): ModalView {
  const parts = detailParts(incident)
  return {
    type: 'modal',
    title: { type: 'plain_text', text: shorten(`Incident ${incident.id}`, 24) },
    close: { type: 'plain_text', text: 'Close' },
    blocks: parts.flatMap(toBlocks),
  }
}

function toBlocks({ title, lines }: DetailPart): KnownBlock[] {
  let room = partLimit
  const shown = lines.filter((line) => {
    room -= 'command' in line ? line.command.length : plain(line.words).length
    return room > 0
  })
  const elements = shown.map((line) =>
    'command' in line
      ? rich.preformatted(line.command.slice(0, partLimit))
      : rich.section(rich.plain('• '), ...rich.words(line.words)),
  )
  return [{ type: 'header', text: { type: 'plain_text', text: title } }, rich.block(...elements)]
}

/** One part of the details behind the findings. Nothing in it is cut. */
interface DetailPart {
  readonly title: string
  /** Whether the closed container's title names this part, and whether it counts the lines. Absent: it does not. */
  readonly inTitle?: 'named' | 'counted'
  readonly lines: readonly DetailLine[]
}
type DetailLine = { readonly words: Text } | { readonly command: string }

/** Returns the parts in reading order, without empty ones. */
export function detailParts({ diagnosis, timeline, offers }: Incident): readonly DetailPart[] {
  const first = diagnosis?.failing[0]
  if (!diagnosis || !first) return []
  const { verdict, chain, also } = first
  const parts: readonly DetailPart[] = [
    { title: 'Evidence', inTitle: 'counted', lines: evidence(verdict) },
    { title: 'Leads to', lines: chain.slice(1).map((it) => ({ words: text`${it.title}: ${it.summary}` })) },
    { title: 'What to do', inTitle: 'counted', lines: verdict.remedies.flatMap(remedy) },
    { title: 'How to verify', inTitle: 'named', lines: verdict.verify.map(step) },
    { title: 'Prevention', lines: verdict.prevent.map((words) => ({ words })) },
    {
      title: 'Actions not offered',
      lines: offers.withheld.map(({ action, reason }) => ({ words: text`${{ parts: [action] }}: ${reason}` })),
    },
    { title: 'Also found', lines: also.map((it) => ({ words: text`${it.title} (${it.confidence}): ${it.summary}` })) },
    { title: 'Other containers', lines: otherContainers(diagnosis) },
    { title: 'Not checked', inTitle: 'counted', lines: unseen(first, diagnosis) },
    { title: 'Pod and images', lines: names(diagnosis) },
    { title: 'Timeline', lines: timelineLines({ timeline }).map((words) => ({ words })) },
  ]
  return parts.filter(({ lines }) => lines.length > 0)
}

function evidence({ because }: PullFinding): readonly DetailLine[] {
  return because.map(({ says, source, confidence }) => ({
    words: text`${says} (${{ parts: [confidence] }}; ${source})`,
  }))
}

function remedy(of: Remedy): readonly DetailLine[] {
  const title = { words: of.title }
  switch (of.kind) {
    case 'command':
      return [title, { command: shell(of) }]
    case 'link':
      return [{ words: text`${of.title}: ${of.url}` }]
    case 'patch':
      return [of.file ? { words: text`${of.title} (${of.file})` } : title, { command: of.patch.trimEnd() }]
    case 'action':
      return [title]
  }
}

function step(of: PullFinding['verify'][number]): DetailLine {
  return 'argv' in of ? { command: shell(of) } : { words: of }
}

/** One line for each cause and image, however many containers share them. */
function otherContainers({ failing }: Diagnosis): readonly DetailLine[] {
  const groups = Map.groupBy(failing.slice(1), ({ verdict, image }) => JSON.stringify([verdict.cause, image]))
  return [...groups.values()].flatMap(([first, ...more]) => {
    if (!first) return []
    const others = more.length > 0 ? text` and ${more.length} more` : text``
    return [{ words: text`${first.container}${others}: ${first.verdict.title}, image ${first.image}` }]
  })
}

/** One line for each reason why something could not be checked. */
function unseen({ undetermined }: ContainerDiagnosis, { observations }: Diagnosis): readonly DetailLine[] {
  const hidden = observations.filter(({ known }) => !known)
  const reasons = new Set([...undetermined, ...hidden].map(({ reason = '' }) => reason))
  return [...reasons].map((reason) => {
    const checks = new Set(hidden.filter((it) => (it.reason ?? '') === reason).map(({ check }) => check))
    const causes = new Set(undetermined.filter((it) => it.reason === reason).map(({ cause }) => cause))
    const open = causes.size > 0 ? [`whether it is ${alternatives([...causes])}`] : []
    const names = [...checks, ...open].join(', ')
    return { words: checks.size + causes.size > few ? text`${reason}: ${names}` : text`${names}: ${reason}` }
  })
}

/** With more names than this, the reason comes first. */
const few = 3

function alternatives(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : names.join('')
}

function names({ target, failing }: Diagnosis): readonly DetailLine[] {
  const { namespace, pod, owner, node, cluster } = target
  const images = [...new Set(failing.map(({ image }) => image))]
  return [
    { words: text`pod ${namespace}/${pod}${owner ? text` of ${owner.kind} ${owner.name}` : ''}` },
    ...(node ? [{ words: text`on ${node}, cluster ${cluster}` }] : []),
    ...images.slice(0, 10).map((image) => ({ words: text`image ${image}` })),
  ]
}

type Entry = Incident['timeline'][number]

const words: Readonly<Record<Entry['what'], string>> = {
  asked: 'check requested',
  alerted: 'alert received',
  verdict: 'verdict',
  changed: 'verdict changed',
  healing: 'recovering',
  fixed: 'fixed',
  gone: 'gone',
  elsewhere: 'not an image pull problem',
  again: 'happened again',
  joined: 'merged into another incident',
  interrupted: 'check interrupted and restarted',
  wrong: 'verdict reported as wrong',
  failed: 'check failed',
  action: 'action',
  muted: 'muted',
}

/** The timeline, oldest first. In UTC, because plain text cannot show the reader's time zone. */
function timelineLines({ timeline }: Pick<Incident, 'timeline'>): readonly Text[] {
  return timeline.map(({ at, what, detail }, index) => {
    const sameDay = readDay(at) === readDay(timeline[index - 1]?.at ?? '')
    const time = `${sameDay ? '' : `${readDay(at)} `}${at.slice(11, 19)}`
    return text`${{ parts: [`${time} UTC ${words[what]}`] }}${detail ? text`: ${detail}` : text``}`
  })
}

function readDay(at: string): string {
  return at.slice(0, 10)
}
