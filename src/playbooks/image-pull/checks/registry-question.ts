import { check } from '../../../diagnosis/check.ts'
import { maybe } from '../../../diagnosis/maybe.ts'
import { thePermissions, theRegistry } from '../givens.ts'
import { NotAllowed } from '../not-allowed.ts'
import { theImage } from '../pull.ts'
import { reference } from './reference.ts'
import { registryService } from './registry-service.ts'

/** What the registry is asked about, for every check that asks it. */
export const registryQuestion = check({
  id: 'registry-question',
  doing: 'Preparing to ask the registry',
  needs: {
    reference,
    image: theImage,
    permissions: thePermissions,
    registry: theRegistry,
    service: maybe(registryService),
  },
  async gather({ reference, image, permissions, service }) {
    if (!permissions.registry) throw new NotAllowed('the registry was not asked: --registry-access none')
    if (!reference.valid) throw new NotAllowed('the registry was not asked: the image reference is not valid')
    const { host, repository, tag, digest } = reference.reference
    const own = service.known ? service.value?.own : undefined
    return {
      host,
      repository,
      reference: digest ?? tag ?? 'latest',
      plainHttp: image.plainHttp,
      ...(own && { service: own }),
    }
  },
})
