import type { Live } from '../live.ts'

/**
 * Looks at everything of its kind, and does the next step that is missing: it has no memory of its own. It may say in how
 * many milliseconds it wants to look again, even if nothing changes until then.
 */
export type Controller = (live: Live) => number | undefined
