import type { MrkdwnNode } from './mrkdwn-node.ts'
import { unescaped } from './unescaped.ts'

/** What stands between `<` and `>`. https://docs.slack.dev/messaging/formatting-message-text#advanced */
export function readToken(token: string): MrkdwnNode {
  const bar = token.indexOf('|')
  const target = bar < 0 ? token : token.slice(0, bar)
  const label = bar < 0 ? undefined : unescaped(token.slice(bar + 1))
  if (/^@[UW]\w+$/.test(target)) return { kind: 'user', id: target.slice(1) }
  if (/^#[CDG]\w+$/.test(target)) return { kind: 'channel', id: target.slice(1) }
  if (target.startsWith('!')) return special(target.slice(1), label)
  if (/^(?:https?:\/\/|mailto:)/i.test(target))
    return { kind: 'link', url: unescaped(target), ...(label && { text: label }) }
  return { kind: 'text', text: label ?? unescaped(`<${token}>`) }
}

function special(target: string, label: string | undefined): MrkdwnNode {
  if (target === 'here' || target === 'channel' || target === 'everyone') return { kind: 'broadcast', range: target }
  const [name = '', value = '', format = '', url] = target.split('^')
  if (name === 'subteam' && value) return { kind: 'usergroup', id: value }
  if (name === 'date' && /^\d{1,12}$/.test(value) && format) {
    const fallback = label ?? ''
    return {
      kind: 'date',
      timestamp: Number(value),
      format: unescaped(format),
      fallback,
      ...(url && { url: unescaped(url) }),
    }
  }
  return { kind: 'text', text: label ?? `@${target}` }
}
