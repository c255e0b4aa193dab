import type { ComponentChild, ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../elements/icon.tsx'
import { useDesk } from '../state/desk.ts'

/** Preformatted text with a copy button. */
export function CodeBlock({ children }: { readonly children?: ComponentChildren }): ComponentChild {
  const code = useRef<HTMLElement>(null)
  return (
    <div class="code-block">
      <pre tabIndex={0}>
        <code ref={code}>{children}</code>
      </pre>
      <CopyButton label="Copy" text={() => code.current?.textContent ?? ''} />
    </div>
  )
}

interface Props {
  readonly label: string
  text(): string
}

/** Copies a text, and confirms it for a moment. */
function CopyButton({ label, text }: Props): ComponentChild {
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
  return (
    <button type="button" class="copy-button" onClick={copy} aria-label={shown} title={shown}>
      <Icon name={isCopied ? 'check' : 'copy'} />
      <span aria-live="polite">{isCopied ? 'Copied' : ''}</span>
    </button>
  )
}
