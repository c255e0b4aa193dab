import type { ContextBlock, DataTableBlock, RichTextBlock, TableBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { WebLink } from '../text/link.tsx'
import { Words } from '../text/mrkdwn.tsx'
import { RichText } from './rich-text.tsx'

interface Props {
  readonly image: { readonly alt_text: string; readonly image_url?: string }
}

/** The description of a picture, because this page loads nothing from other servers. */
export function Picture({ image }: Props): ComponentChild {
  const { alt_text: label, image_url: url } = image
  return (
    <span class="picture">
      {'Picture: '}
      {url ? <WebLink url={url} label={label} /> : label}
    </span>
  )
}

/** A notice in place of a block that this page cannot draw. */
export function UnknownBlock({ type }: { readonly type: string }): ComponentChild {
  return (
    <div class="block-unknown">
      {'This page does not draw '}
      <code>{type}</code>
      {'.'}
    </div>
  )
}

export function Context({ block }: { readonly block: ContextBlock }): ComponentChild {
  const shown = block.elements.map((element, index) => (
    <span key={index}>{element.type === 'image' ? <Picture image={element} /> : <Words of={element} />}</span>
  ))
  return <div class="block-context">{shown}</div>
}

type Cell = RichTextBlock | { readonly type: 'raw_text' | 'raw_number'; readonly text: string }

/** The first row holds the headings. A wide table scrolls separately. */
export function Table({ block }: { readonly block: TableBlock | DataTableBlock }): ComponentChild {
  const [head = [], ...rows] = block.rows as readonly (readonly Cell[])[] // validated when it was posted
  const settings = block.type === 'table' ? (block.column_settings ?? []) : []
  const caption = block.type === 'data_table' ? block.caption : undefined
  const kindOf = (column: number): string =>
    `align-${settings[column]?.align ?? 'left'} ${settings[column]?.is_wrapped === false ? 'unwrapped' : ''}`
  const drawn = (tag: 'th' | 'td') => (cell: Cell, column: number) =>
    h(tag, { key: column, class: kindOf(column), ...(tag === 'th' && { scope: 'col' }) }, drawnCell(cell))
  return (
    <div class="block-table" tabIndex={0} role="region" aria-label={caption ?? 'Table'}>
      <table>
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>{head.map(drawn('th'))}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{row.map(drawn('td'))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function drawnCell(cell: Cell): ComponentChild {
  return cell.type === 'rich_text' ? <RichText block={cell} /> : cell.text
}
