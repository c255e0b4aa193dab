/** What a text in mrkdwn consists of. Every text in it is data. */
export type MrkdwnNode =
  | { readonly kind: 'text' | 'code' | 'preformatted'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike' | 'quote'; readonly inside: readonly MrkdwnNode[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'link'; readonly url: string; readonly text?: string }
  | { readonly kind: 'user' | 'usergroup' | 'channel'; readonly id: string }
  | { readonly kind: 'broadcast'; readonly range: string }
  | { readonly kind: 'emoji'; readonly name: string }
  | {
      readonly kind: 'date'
      /** Seconds since 1970. */
      readonly timestamp: number
      /** `{date_short_pretty} at {time}` */
      readonly format: string
      readonly url?: string
      readonly fallback: string
    }
