import { Secret } from '../../secret.ts'
import { type LoginProvider, loadLibrary } from './own-logins.ts'

/** Milliseconds: the token of ECR lasts 12 hours; used where the answer does not say it. */
const lifetime = 12 * 3_600_000
const registry =
  /^\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]{1,40})\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)$/

/**
 * ECR's GetAuthorizationToken, with what AWS's SDK finds: IRSA, EKS Pod Identity, environment, profile, or the instance's
 * role. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 */
export function awsLogin(now: () => number = Date.now): LoginProvider {
  return {
    called: "imagepull's own AWS identity",
    async get(host) {
      const region = registry.exec(host)?.[1]
      if (!region) throw new Error('it is no registry of ECR: its name has no account and region')
      const { ECRClient, GetAuthorizationTokenCommand } = await loadLibrary(
        '@aws-sdk/client-ecr',
        () => import('@aws-sdk/client-ecr'),
      )
      const client = new ECRClient({ region, maxAttempts: 2 })
      try {
        const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}))
        const data = authorizationData?.[0]
        const [username = '', password] = Buffer.from(data?.authorizationToken ?? '', 'base64')
          .toString('utf8')
          .split(/:(.*)/s)
        if (!password) throw new Error('ECR gave no token')
        return { username, password: new Secret(password), expires: data?.expiresAt?.getTime() ?? now() + lifetime }
      } finally {
        client.destroy()
      }
    },
  }
}
