/** The open channel, thread and message. */
export interface Route {
  /** undefined: the first one. */
  readonly channel?: string
  /** The ts of the root whose thread is open. */
  readonly thread?: string
  /** The ts of a message that a link led to. */
  readonly message?: string
}

/**
 * Reads the route of a permalink, such as `/archives/C0INCIDENT/p1763952000000100?thread_ts=1763952000.000100`. undefined:
 * it is no permalink.
 */
export function routeOf(pathname: string, search: string): Route | undefined {
  const found = /^\/archives\/(\w+)(?:\/p(\d{10})(\d{6}))?\/?$/.exec(pathname)
  if (!found) return undefined
  const [, channel = '', seconds, rest] = found
  if (!seconds || !rest) return { channel }
  const message = `${seconds}.${rest}`
  const thread = new URLSearchParams(search).get('thread_ts') ?? message
  return { channel, thread, message }
}

/** Returns the path of a route. */
export function pathOf({ channel, thread, message }: Route): string {
  if (!channel) return '/'
  const shown = message ?? thread
  if (!shown) return `/archives/${channel}`
  const query = thread && thread !== shown ? `?thread_ts=${thread}&cid=${channel}` : ''
  return `/archives/${channel}/p${shown.replace('.', '')}${query}`
}
