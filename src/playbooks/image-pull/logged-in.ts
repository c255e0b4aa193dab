import type { ManifestSeen } from './checks/registry.ts'

/**
 * The token server took the login and gave a token, and the registry does not accept that token for this repository. So the
 * password is right; the right to pull is missing, or the repository is.
 */
export function loggedInWithoutRights({ answer, tried }: ManifestSeen): boolean {
  return tried.length > 0 && answer.status === 'unauthorized' && answer.by === 'registry' && answer.scheme === 'bearer'
}
