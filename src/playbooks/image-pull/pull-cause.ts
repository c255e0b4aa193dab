import { causesOf } from '../../diagnosis/cause.ts'
import type { Kind } from '../../messages/kinds.ts'
import type { PullFinding } from './finding.ts'

/** A cause of this playbook: a misspelt kind does not compile. */
export const pullCause = causesOf<Kind, PullFinding>()
