import type { KnownBlock } from '@slack/types'
import type { Incident } from '../../incidents/incident.ts'
import { rich } from './rich.ts'

/** The last reply of an incident that was repaired: what was verified, and what keeps it so. */
export function endedBlocks({ ended, diagnosis }: Incident): KnownBlock[] {
  const proof = ended?.proof ?? []
  const prevent = diagnosis?.failing[0]?.verdict.prevent ?? []
  return [
    rich.block(
      rich.section(rich.bold('Fixed and verified.')),
      ...(proof.length > 0 ? [rich.bullets(proof.map((it) => rich.words(it)))] : []),
      ...(prevent.length > 0
        ? [rich.section(rich.italic('Keep it so:')), rich.bullets(prevent.slice(0, 3).map((it) => rich.words(it)))]
        : []),
    ),
  ]
}
