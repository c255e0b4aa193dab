import type { DataTableBlock, RichTextBlock, TableBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { RichText } from './rich-text.tsx'

type Cell = RichTextBlock | { readonly type: 'raw_text' | 'raw_number'; readonly text: string }

/** The first row holds the headings. A wide table scrolls by itself. */
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
