import type { Platform } from '../platform.ts'
import type { Courier } from './courier.ts'

/** What people act on: Slack, and the app behind it. */
export interface Stage {
  readonly platform: Platform
  readonly courier: Courier
}
