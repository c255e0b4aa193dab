import type { Cause } from '../../../diagnosis/cause.ts'
import type { Kind } from '../../../messages/row.ts'
import type { PullFinding } from '../model.ts'
import { accessForbidden } from './access/access-forbidden.ts'
import { authSchemeUnsupported } from './access/auth-scheme-unsupported.ts'
import { badCredentialsOnPublicImage } from './access/bad-credentials-on-public-image.ts'
import { credentialProviderSilent } from './access/credential-provider-silent.ts'
import { credentialsMissing } from './access/credentials-missing.ts'
import { credentialsRejected } from './access/credentials-rejected.ts'
import { pullSecretMalformed } from './access/pull-secret-malformed.ts'
import { pullSecretMissing } from './access/pull-secret-missing.ts'
import { pullSecretNotAttached } from './access/pull-secret-not-attached.ts'
import { pullSecretUnmatched } from './access/pull-secret-unmatched.ts'
import { repositoryMissingOrPrivate } from './access/repository-missing-or-private.ts'
import { buildDestinationMismatch } from './build/build-destination-mismatch.ts'
import { buildFailed } from './build/build-failed.ts'
import { buildRunning } from './build/build-running.ts'
import { imageNeverBuilt, imageNeverBuiltYet } from './build/image-never-built.ts'
import { blobMissing } from './content/blob-missing.ts'
import { defaultTagMissing } from './content/default-tag-missing.ts'
import { digestMissing } from './content/digest-missing.ts'
import { execFormat } from './content/exec-format.ts'
import { imageRelocated } from './content/image-relocated.ts'
import { indexChildMissing } from './content/index-child-missing.ts'
import { platformMismatch } from './content/platform-mismatch.ts'
import { repositoryMissing } from './content/repository-missing.ts'
import { tagMissing } from './content/tag-missing.ts'
import { pullStalled } from './kubelet/pull-stalled.ts'
import { staleBackoff, staleBackoffOfWay } from './kubelet/stale-backoff.ts'
import { invalidImageName } from './name/invalid-image-name.ts'
import { rowCausesBut } from './text/row-cause.ts'
import { networkPolicyBlocksRegistry } from './way/network-policy-blocks-registry.ts'
import { nodeResolverBroken } from './way/node-resolver-broken.ts'
import { registryDown } from './way/registry-down.ts'
import { registryHostUnknown } from './way/registry-host-unknown.ts'
import { registryOutage } from './way/registry-outage.ts'
import { registryStorageLost } from './way/registry-storage-lost.ts'
import { staleServiceIp } from './way/stale-service-ip.ts'

/** Causes that facts decide, the more telling first. */
const byFacts: readonly Cause<Kind, PullFinding>[] = [
  registryStorageLost,
  buildFailed,
  buildRunning,
  buildDestinationMismatch,
  imageNeverBuilt,
  imageNeverBuiltYet,
  imageRelocated,
  registryOutage,
  staleServiceIp,
  registryDown,
  networkPolicyBlocksRegistry,
  nodeResolverBroken,
  registryHostUnknown,
  staleBackoff,
  staleBackoffOfWay,
  invalidImageName,
  digestMissing,
  defaultTagMissing,
  repositoryMissing,
  tagMissing,
  pullSecretMissing,
  pullSecretMalformed,
  pullSecretUnmatched,
  pullSecretNotAttached,
  badCredentialsOnPublicImage,
  credentialProviderSilent,
  credentialsRejected,
  authSchemeUnsupported,
  repositoryMissingOrPrivate,
  credentialsMissing,
  accessForbidden,
  platformMismatch,
  indexChildMissing,
  blobMissing,
  execFormat,
  pullStalled,
]

/** Every cause of this playbook, in order: of equals, the earlier leads. */
export const causes: readonly Cause<Kind, PullFinding>[] = [...byFacts, ...rowCausesBut(byFacts)]
