import { readFile } from 'node:fs/promises'
import type { INetworkModule } from '@azure/msal-node'
import { z } from 'zod'
import { Secret } from '../../secret.ts'
import { parseJson } from '../refusal.ts'
import { type LoginProvider, loadLibrary } from './own-logins.ts'

/** What AKS's workload identity sets in a pod: https://azure.github.io/azure-workload-identity/docs/concepts.html */
export interface AzureSettings {
  readonly tenant?: string | undefined
  readonly client?: string | undefined
  /** A file with a token of the pod's ServiceAccount. */
  readonly tokenFile?: string | undefined
  /** Default: https://login.microsoftonline.com/ */
  readonly authority?: string | undefined
  /** Sends the library's requests. Default: its own. */
  readonly network?: INetworkModule
}

/** Posts a form and returns the body of a 200. Throws for every other answer. */
export type PostForm = (url: URL, form: Readonly<Record<string, string>>) => Promise<string>

const scope = 'https://containerregistry.azure.net/.default'
/** The user name that stands for "the password is a refresh token". */
const tokenUser = '00000000-0000-0000-0000-000000000000'
/** Milliseconds: ACR's refresh tokens last three hours; a shorter time is taken where the token does not say it. */
const lifetime = 60 * 60_000

/**
 * The registry exchanges a token of Microsoft Entra for one of its own, which works as a password.
 * https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md#calling-post-oauth2exchange-to-get-an-acr-refresh-token
 */
export function azureLogin(settings: AzureSettings, post: PostForm, now: () => number = Date.now): LoginProvider {
  return {
    called: "imagepull's own Azure identity",
    async get(host) {
      const token = await entraToken(settings)
      const body = await post(new URL(`https://${host}/oauth2/exchange`), {
        ...{ grant_type: 'access_token', service: host, access_token: token },
        ...(settings.tenant && { tenant: settings.tenant }),
      })
      const exchanged = exchangeSchema.safeParse(parseJson(body)).data
      if (!exchanged) throw new Error('the registry exchanged its token for none')
      const password = exchanged.refresh_token
      return { username: tokenUser, password: new Secret(password), expires: expiryOf(password) ?? now() + lifetime }
    },
  }
}

const exchangeSchema = z.object({ refresh_token: z.string().min(1) })
const claims = z.object({ exp: z.number() })

/** Milliseconds since 1970, of a JSON web token. It is only read, to know when to renew it. */
function expiryOf(token: string): number | undefined {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
  const exp = claims.safeParse(parseJson(payload)).data?.exp
  return exp && exp * 1_000
}

/** By the ServiceAccount's token in a pod with workload identity; elsewhere by the machine's managed identity. */
async function entraToken(settings: AzureSettings): Promise<string> {
  const { tenant, client, tokenFile } = settings
  if (tenant && client && tokenFile) return federatedToken({ ...settings, tenant, client, tokenFile })
  const { ManagedIdentityApplication } = await loadLibrary('@azure/msal-node', () => import('@azure/msal-node'))
  const application = new ManagedIdentityApplication(
    client ? { managedIdentityIdParams: { userAssignedClientId: client } } : {},
  )
  return (await application.acquireToken({ resource: scope.replace('/.default', '') })).accessToken
}

interface Federated extends AzureSettings {
  readonly tenant: string
  readonly client: string
  readonly tokenFile: string
}

async function federatedToken({ tenant, client, tokenFile, authority, network }: Federated): Promise<string> {
  const { ConfidentialClientApplication } = await loadLibrary('@azure/msal-node', () => import('@azure/msal-node'))
  const base = new URL(authority || 'https://login.microsoftonline.com/')
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: client,
      authority: new URL(encodeURIComponent(tenant), base).href,
      knownAuthorities: [base.host],
      clientAssertion: async () => (await readFile(tokenFile, 'utf8')).trim(), // it is rotated
    },
    ...(network && { system: { networkClient: network } }),
  })
  const result = await application.acquireTokenByClientCredential({ scopes: [scope] })
  if (!result) throw new Error('Microsoft Entra gave no token')
  return result.accessToken
}
