import type { Situation } from './situation.ts'
import { buildFailed } from './situations/build-failed.ts'
import { buildRunning } from './situations/build-running.ts'
import { crashLoop } from './situations/crash-loop.ts'
import { digestGone } from './situations/digest-gone.ts'
import { healthy } from './situations/healthy.ts'
import { hostTypo } from './situations/host-typo.ts'
import { invalidName } from './situations/invalid-name.ts'
import { loginRejected } from './situations/login-rejected.ts'
import { neverBuilt } from './situations/never-built.ts'
import { platformMismatch } from './situations/platform-mismatch.ts'
import { pushTimedOut } from './situations/push-timed-out.ts'
import { rateLimited } from './situations/rate-limited.ts'
import { registryDown } from './situations/registry-down.ts'
import { secretForOtherPort } from './situations/secret-for-other-port.ts'
import { secretMissing } from './situations/secret-missing.ts'
import { stillServing } from './situations/still-serving.ts'
import { tagTypo } from './situations/tag-typo.ts'
import { tlsOnOneNode } from './situations/tls-on-one-node.ts'

/** Everything that is to be seen in the sample cluster: the playbook's three examples first. */
export const situations: readonly Situation[] = [
  neverBuilt,
  tlsOnOneNode,
  pushTimedOut,
  buildFailed,
  buildRunning,
  tagTypo,
  stillServing,
  secretForOtherPort,
  secretMissing,
  loginRejected,
  rateLimited,
  registryDown,
  platformMismatch,
  digestGone,
  hostTypo,
  invalidName,
  crashLoop,
  healthy,
]
