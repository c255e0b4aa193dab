import { type ComponentChild, h } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useDesk } from '../state/desk.ts'
import { Icon } from './icon.ts'

interface Props {
  readonly label: string
  text(): string
}

/** Copies, and says for a moment that it did. */
export function CopyButton({ label, text }: Props): ComponentChild {
  const { say } = useDesk()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return undefined
    const timer = setTimeout(() => setCopied(false), 1_500)
    return () => clearTimeout(timer)
  }, [isCopied])
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text())
      setCopied(true)
    } catch {
      say('This browser does not let pages copy.')
    }
  }
  const shown = isCopied ? 'Copied' : label
  return h(
    'button',
    { type: 'button', class: 'copy-button', onClick: copy, 'aria-label': shown, title: shown },
    h(Icon, { name: isCopied ? 'check' : 'copy' }),
    h('span', { 'aria-live': 'polite' }, isCopied ? 'Copied' : ''),
  )
}
