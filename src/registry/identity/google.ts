import { Secret } from '../../secret.ts'
import { type LoginProvider, loadLibrary } from './own-logins.ts'

/** Reading is enough for Artifact Registry; the roles of the identity decide what it may read. */
const scope = 'https://www.googleapis.com/auth/cloud-platform.read-only'
/** Milliseconds: access tokens last an hour; a shorter time is taken where the library does not say it. */
const lifetime = 10 * 60_000

/**
 * An access token of Google's Application Default Credentials: GKE's workload identity, workload identity federation, or a
 * key file. https://cloud.google.com/artifact-registry/docs/docker/authentication#token
 */
export function googleLogin(now: () => number = Date.now): LoginProvider {
  return {
    called: "imagepull's own Google identity",
    async get() {
      const { GoogleAuth } = await loadLibrary('google-auth-library', () => import('google-auth-library'))
      // No request names a project. Without one, the library runs the program gcloud to find it.
      const client = await new GoogleAuth({ scopes: [scope], projectId: 'none' }).getClient()
      const { token } = await client.getAccessToken()
      if (!token) throw new Error('it gave no access token')
      const expires = client.credentials.expiry_date ?? now() + lifetime
      return { username: 'oauth2accesstoken', password: new Secret(token), expires }
    },
  }
}
