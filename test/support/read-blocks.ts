/** What a person reads in blocks, in order; `▸` stands before what is closed. For assertions. */
export function readBlocks(block: unknown): string {
  if (Array.isArray(block)) return block.map(readBlocks).join('')
  if (!isObject(block)) return ''
  const { type, elements, text } = block
  switch (type) {
    case 'rich_text_list':
      return list(elements)
        .map((it) => `• ${readBlocks(it)}`)
        .join('')
    case 'rich_text_section':
    case 'rich_text_preformatted':
      return `${readBlocks(elements)}\n`
    case 'date':
      return `{${block.fallback}}`
    case 'user':
      return `@${block.user_id}`
    case 'channel':
      return `#${block.channel_id}`
    case 'plan':
      return `${block.title}\n${readBlocks(block.tasks)}`
    case 'task_card':
      return `${block.status}: ${block.title}\n`
    case 'actions':
      return `${list(elements).map(label).join(' ')}\n`
    case 'context':
      return `${list(elements)
        .map((it) => (isObject(it) ? it.text : ''))
        .join(' · ')}\n`
    case 'container':
      return `▸ ${readBlocks(block.title)}${readBlocks(block.child_blocks)}`
    case 'table':
      return list(block.rows)
        .map(
          (row) =>
            `${list(row)
              .map((cell) => (isObject(cell) ? cell.text : ''))
              .join(' | ')}\n`,
        )
        .join('')
    case 'section':
    case 'header':
    case 'plain_text':
      return `${isObject(text) ? text.text : text}\n`
    default:
      return typeof text === 'string' ? text : readBlocks(elements)
  }
}

function label(element: unknown): string {
  if (!isObject(element)) return ''
  if (element.type === 'overflow') return `[… ${list(element.options).map(label).join(' ')}]`
  return isObject(element.text) ? `[${element.text.text}]` : `[${String(element.type)}]`
}

function list(of: unknown): readonly unknown[] {
  return Array.isArray(of) ? of : []
}

function isObject(of: unknown): of is Record<string, unknown> {
  return typeof of === 'object' && of !== null
}
