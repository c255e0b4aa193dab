import type { AlertRules } from '../../alertmanager/rules.ts'
import type { AlertIntake } from '../../incidents/alerts/intake.ts'
import type { IncidentRecords } from '../../incidents/records.ts'
import type { Click, Decision } from '../../remediation/approvals/decide.ts'
import type { Readers } from '../access.ts'
import type { SlackApi } from '../api.ts'
import type { RequestOptions } from './take-request.ts'

/** Whose posts are read as alerts, and how. */
export interface AlertPosts {
  readonly rules: AlertRules
  /** The ids of the bots that post alerts. */
  readonly posters: ReadonlySet<string>
  /** This app's own bot id: Alertmanager may post with its token. */
  readonly own: () => string
  /** Called for each post of theirs that is not read. @param name Its rule, if the post names one; at most 100 characters. */
  readonly turnedAway: (name: string) => void
}

/** Decides on a click. Absent: no action is configured. */
export type Decide = ((click: Click) => Promise<Decision>) | undefined

/**
 * Everything that the listeners use. Each listener declares the few parts that it takes. Listeners only store what
 * people do in Slack, and jobs do the work.
 */
export interface ListenerOptions extends RequestOptions, Readers {
  readonly records: Pick<IncidentRecords, 'read' | 'change'>
  readonly intake: Pick<AlertIntake, 'save'>
  readonly slack: SlackApi
  readonly decide?: Decide
  readonly alertPosts: AlertPosts
  /** The command as it is installed: `/imagepull`. */
  readonly command: string
}
