import type { AlertRules } from '../../alertmanager/rules.ts'
import type { IncidentWorld } from '../../incidents/incident-world.ts'
import type { People } from '../../remediation/permissions.ts'
import type { RemediationWorld } from '../../remediation/remediation-world.ts'
import type { PlacePolicy } from '../access.ts'
import type { SlackApi } from '../api.ts'

/** Whose posts are read, and how. */
export interface AlertPosts {
  readonly rules: AlertRules
  /** Ids of bots. */
  readonly posters: ReadonlySet<string>
  /** This app's own: Alertmanager may post with its token. */
  readonly own: () => string
  /** Told of each post of theirs that is not read. @param name Of its rule, as far as it tells; at most 100 characters. */
  readonly turnedAway: (name: string) => void
}

/** What hears what people do in Slack, and only writes it down: the work is done by jobs. */
export interface ListenerWorld {
  readonly incidents: Pick<IncidentWorld, 'store' | 'queue' | 'incidents' | 'now' | 'newId'>
  readonly slack: SlackApi
  readonly places: PlacePolicy
  readonly people: People
  /** What is needed to decide on actions. Absent: there are none. */
  readonly actions?: RemediationWorld | undefined
  readonly alertPosts: AlertPosts
  /** As it is installed: `/imagepull`. */
  readonly command: string
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}
