import { check } from '../../../diagnosis/check.ts'
import type { ManifestAnswer } from '../../../registry/registry.ts'
import { NotAllowed, thePermissions, theRegistry } from '../inputs.ts'
import { type Relocation, relocationOf } from '../relocations.ts'
import { reference } from './pod.ts'

/** A known move of this image, and what the registry at the new place says without a login. */
export interface Relocated extends Relocation {
  readonly answer: ManifestAnswer
}

/** undefined: nobody is known to have moved it. */
export const relocated = check({
  id: 'relocated',
  doing: 'Looking where its publisher moved it',
  needs: { registry: theRegistry, permissions: thePermissions, reference },
  async gather({ registry, permissions, reference }, signal): Promise<Relocated | undefined> {
    const move = reference.valid ? relocationOf(reference.reference) : undefined
    if (!reference.valid || !move) return undefined
    if (!permissions.registry) throw new NotAllowed('no registry was asked: --registry-access none')
    const { tag, digest } = reference.reference
    const answer = await registry.manifest({ ...move.to, reference: digest ?? tag ?? 'latest', signal })
    return { ...move, answer }
  },
})
