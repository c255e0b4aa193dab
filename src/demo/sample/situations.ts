import type { Situation } from './situation.ts'
import { buildFailed, buildRunning, neverBuilt, pushTimedOut } from './situations/builds.ts'
import { digestGone, invalidName, platformMismatch, stillServing, tagTypo } from './situations/images.ts'
import { loginRejected, secretForOtherPort, secretMissing } from './situations/logins.ts'
import { hostTypo, rateLimited, registryDown, tlsOnOneNode } from './situations/network.ts'
import { crashLoop, healthy } from './situations/other.ts'

/** All situations of the sample cluster. The playbook's three examples come first. */
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
