import type { Cause } from '../../diagnosis/cause.ts'
import type { Kind, Lasting } from '../../messages/row.ts'
import { rowById } from '../../messages/rows.ts'
import { accessForbidden } from './causes/access/access-forbidden.ts'
import { authSchemeUnsupported } from './causes/access/auth-scheme-unsupported.ts'
import { badCredentialsOnPublicImage } from './causes/access/bad-credentials-on-public-image.ts'
import { credentialProviderSilent } from './causes/access/credential-provider-silent.ts'
import { credentialsMissing } from './causes/access/credentials-missing.ts'
import { credentialsRejected } from './causes/access/credentials-rejected.ts'
import { pullSecretMalformed } from './causes/access/pull-secret-malformed.ts'
import { pullSecretMissing } from './causes/access/pull-secret-missing.ts'
import { pullSecretNotAttached } from './causes/access/pull-secret-not-attached.ts'
import { pullSecretUnmatched } from './causes/access/pull-secret-unmatched.ts'
import { credentialsExpired, registryNetworkRule, vulnerabilityPolicy } from './causes/access/registry-words.ts'
import { repositoryMissingOrPrivate } from './causes/access/repository-missing-or-private.ts'
import { buildDestinationMismatch } from './causes/build/build-destination-mismatch.ts'
import { buildFailed } from './causes/build/build-failed.ts'
import { buildRunning } from './causes/build/build-running.ts'
import { imageNeverBuilt, imageNeverBuiltYet } from './causes/build/image-never-built.ts'
import { blobMissing } from './causes/content/blob-missing.ts'
import { defaultTagMissing } from './causes/content/default-tag-missing.ts'
import { digestMissing } from './causes/content/digest-missing.ts'
import { execFormat, execFormatForecast } from './causes/content/exec-format.ts'
import { imageRelocated } from './causes/content/image-relocated.ts'
import { indexChildMissing } from './causes/content/index-child-missing.ts'
import { platformMismatch } from './causes/content/platform-mismatch.ts'
import { repositoryMissing } from './causes/content/repository-missing.ts'
import { tagMissing } from './causes/content/tag-missing.ts'
import { wrongOsImage } from './causes/content/wrong-os-image.ts'
import { pullStalled } from './causes/kubelet/pull-stalled.ts'
import { staleBackoff, staleBackoffOfWay } from './causes/kubelet/stale-backoff.ts'
import { loginLocked } from './causes/limit/login-locked.ts'
import { rateLimited } from './causes/limit/rate-limited.ts'
import { invalidImageName } from './causes/name/invalid-image-name.ts'
import { mirrorFailed } from './causes/way/mirror-failed.ts'
import { networkPolicyBlocksRegistry } from './causes/way/network-policy-blocks-registry.ts'
import { nodeResolverBroken } from './causes/way/node-resolver-broken.ts'
import { notARegistry } from './causes/way/not-a-registry.ts'
import { registryDown } from './causes/way/registry-down.ts'
import { registryHostUnknown } from './causes/way/registry-host-unknown.ts'
import { registryOutage } from './causes/way/registry-outage.ts'
import { registryStorageLost } from './causes/way/registry-storage-lost.ts'
import { staleServiceIp } from './causes/way/stale-service-ip.ts'
import type { PullFinding } from './model.ts'
import { rowCausesBut } from './text-causes.ts'

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
  mirrorFailed,
  loginLocked,
  rateLimited,
  nodeResolverBroken,
  notARegistry,
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
  credentialsExpired,
  registryNetworkRule,
  vulnerabilityPolicy,
  credentialProviderSilent,
  credentialsRejected,
  authSchemeUnsupported,
  repositoryMissingOrPrivate,
  credentialsMissing,
  accessForbidden,
  wrongOsImage,
  platformMismatch,
  indexChildMissing,
  blobMissing,
  execFormat,
  execFormatForecast,
  pullStalled,
]

/** Every cause of this playbook, in order: of equals, the earlier leads. */
export const causes: readonly Cause<Kind, PullFinding>[] = [...byFacts, ...rowCausesBut(byFacts)]

/** Of causes that only facts show; the others have it in their row. */
const ofFacts: Readonly<Record<string, Lasting>> = {
  'bad-credentials-on-public-image': 'final',
  'build-destination-mismatch': 'final',
  'build-failed': 'final',
  'build-running': 'transient',
  'default-tag-missing': 'final',
  'exec-format': 'final',
  'image-deleted': 'final',
  'image-never-built': 'final',
  'image-relocated': 'final',
  'network-policy-blocks-registry': 'final',
  'pull-queued': 'transient',
  'pull-secret-not-attached': 'final',
  'pull-secret-unmatched': 'final',
  'registry-down': 'transient',
  'registry-storage-lost': 'final',
  'repository-missing-or-private': 'final',
  'stale-backoff': 'transient',
  'stale-service-ip': 'final',
  'wrong-registry': 'final',
}

/** Whether what this cause breaks fails again until somebody changes something, or may pass by itself. */
export function lastingOf(cause: string): Lasting | 'unknown' {
  return rowById(cause)?.lasting ?? (Object.hasOwn(ofFacts, cause) ? ofFacts[cause] : undefined) ?? 'unknown'
}
