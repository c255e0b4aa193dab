import { rawFields } from '../kubernetes/raw-fields.ts'
import type { RawObject } from '../kubernetes/raw-object.ts'

/** Restarts by us, written on what was restarted: `2026-11-24T03:09:00.000Z/Zk3…`, newest last, with a comma between. */
export const restartsMark = 'imagepull.dev/restarts'

export interface Restart {
  /** RFC 3339. */
  readonly at: string
  readonly approval: string
}

const kept = 20

export function restartsOf({ metadata }: RawObject): readonly Restart[] {
  const written = rawFields.text(rawFields.at(metadata, 'annotations', restartsMark))
  return written.split(',').flatMap((it) => {
    const [at = '', approval = ''] = it.split('/')
    return approval && !Number.isNaN(Date.parse(at)) ? [{ at, approval }] : []
  })
}

export function withRestart(before: readonly Restart[], restart: Restart): string {
  return [...before, restart]
    .slice(-kept)
    .map(({ at, approval }) => `${at}/${approval}`)
    .join(',')
}
