import type { Incident } from '../../incidents/incident.ts'
import type { ContainerDiagnosis, Diagnosis } from '../../playbooks/image-pull/diagnosis.ts'
import type { PullFinding, Remedy } from '../../playbooks/image-pull/finding.ts'
import { shell } from '../../shell.ts'
import { type Text, text } from '../../text.ts'
import { timelineLines } from './timeline-lines.ts'

/** What stands behind findings, whole: nothing in it is cut. */
export interface DetailPart {
  readonly title: string
  readonly lines: readonly DetailLine[]
}
export type DetailLine = { readonly words: Text } | { readonly command: string }

/** In the order of reading. Parts without a line are left out. */
export function detailParts({ diagnosis, timeline, offers }: Incident): readonly DetailPart[] {
  const first = diagnosis?.failing[0]
  if (!diagnosis || !first) return []
  const { verdict, chain, also } = first
  const parts: readonly DetailPart[] = [
    { title: 'Evidence', lines: evidence(verdict) },
    { title: 'Which is why', lines: chain.slice(1).map((it) => ({ words: text`${it.title}: ${it.summary}` })) },
    { title: 'What to do', lines: verdict.remedies.flatMap(remedy) },
    { title: 'Then verify', lines: verdict.verify.map(step) },
    { title: 'Keep it so', lines: verdict.prevent.map((words) => ({ words })) },
    {
      title: 'Not offered',
      lines: offers.withheld.map(({ action, reason }) => ({ words: text`${{ parts: [action] }}: ${reason}` })),
    },
    { title: 'Also found', lines: also.map((it) => ({ words: text`${it.title} (${it.confidence}): ${it.summary}` })) },
    { title: 'Other containers', lines: otherContainers(diagnosis) },
    { title: 'Not looked at', lines: unseen(first, diagnosis) },
    { title: 'Names', lines: names(diagnosis) },
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

/** By cause and image: fifty containers of one cause are one line. */
function otherContainers({ failing }: Diagnosis): readonly DetailLine[] {
  const groups = Map.groupBy(failing.slice(1), ({ verdict, image }) => JSON.stringify([verdict.cause, image]))
  return [...groups.values()].flatMap(([first, ...more]) => {
    if (!first) return []
    const others = more.length > 0 ? text` and ${more.length} more` : text``
    return [{ words: text`${first.container}${others}: ${first.verdict.title}, image ${first.image}` }]
  })
}

/** What could not be looked at for one reason is one line. */
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

/** Names that may stand before the reason for which they are not known. */
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
