import { type ComponentChild, type ComponentChildren, h } from 'preact'
import { useRef } from 'preact/hooks'
import { CopyButton } from '../parts/copy-button.ts'

/** Preformatted text, which can be copied. */
export function CodeBlock({ children }: { readonly children?: ComponentChildren }): ComponentChild {
  const code = useRef<HTMLElement>(null)
  return h(
    'div',
    { class: 'code-block' },
    h('pre', { tabIndex: 0 }, h('code', { ref: code }, children)),
    h(CopyButton, { label: 'Copy', text: () => code.current?.textContent ?? '' }),
  )
}
