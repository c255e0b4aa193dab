import { rawFields } from '../kubernetes/raw-fields.ts'
import type { RawObject } from '../kubernetes/raw-object.ts'

/** Why a Job is not to be copied; completes a sentence that begins with it. undefined: it may be. */
export function refusalToClone({ metadata, spec }: RawObject): string | undefined {
  if (rawFields.at(spec, 'manualSelector') === true)
    return 'selects its pods by hand, so a copy would take those of the old one'
  const owner = rawFields.list(metadata.ownerReferences).find((it) => it.controller === true)
  if (!owner || owner.kind === 'CronJob') return undefined
  return `is made by ${rawFields.text(owner.kind)} ${rawFields.text(owner.name)}: that has to be run again`
}
