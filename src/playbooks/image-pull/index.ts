import type { Cause } from '../../diagnosis/cause.ts'
import type { Kind } from '../../messages/kinds.ts'
import { buildDestinationMismatch } from './causes/build/build-destination-mismatch.ts'
import { buildFailed } from './causes/build/build-failed.ts'
import { buildRunning } from './causes/build/build-running.ts'
import { imageNeverBuilt } from './causes/build/image-never-built.ts'
import { defaultTagMissing } from './causes/content/default-tag-missing.ts'
import { digestMissing } from './causes/content/digest-missing.ts'
import { execFormat } from './causes/content/exec-format.ts'
import { platformMismatch } from './causes/content/platform-mismatch.ts'
import { repositoryMissing } from './causes/content/repository-missing.ts'
import { tagMissing } from './causes/content/tag-missing.ts'
import { pullStalled } from './causes/kubelet/pull-stalled.ts'
import { staleBackoff } from './causes/kubelet/stale-backoff.ts'
import { invalidImageName } from './causes/name/invalid-image-name.ts'
import { registryDown } from './causes/way/registry-down.ts'
import { staleServiceIp } from './causes/way/stale-service-ip.ts'
import type { PullFinding } from './finding.ts'
import { rowCausesBut } from './row-causes.ts'

/** Causes that facts decide, the more telling first. */
const byFacts: readonly Cause<Kind, PullFinding>[] = [
  buildFailed,
  buildRunning,
  buildDestinationMismatch,
  imageNeverBuilt,
  staleServiceIp,
  registryDown,
  staleBackoff,
  invalidImageName,
  digestMissing,
  defaultTagMissing,
  repositoryMissing,
  tagMissing,
  platformMismatch,
  execFormat,
  pullStalled,
]

/** Every cause of this playbook, in order: of equals, the earlier leads. */
export const causes: readonly Cause<Kind, PullFinding>[] = [...byFacts, ...rowCausesBut(byFacts)]
