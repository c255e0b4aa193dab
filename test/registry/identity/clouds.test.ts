import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { awsLogin } from '../../../src/registry/identity/aws.ts'
import { azureLogin } from '../../../src/registry/identity/azure.ts'
import { googleLogin } from '../../../src/registry/identity/google.ts'
import { temporaryFile } from '../../../src/simulator/cluster/memory-cluster.ts'
import { listenOnLoopback } from '../../../src/simulator/listen.ts'

interface Asked {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A stand-in of a vendor's endpoints on loopback. It refuses what `answer` does not know. */
async function standIn(answer: (asked: Asked) => string | undefined, type = 'application/json') {
  const asked: Asked[] = []
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const it = { path: request.url ?? '', headers: request.headers, body: await text(request) }
    asked.push(it)
    const body = answer(it)
    response.writeHead(body === undefined ? 403 : 200, { 'content-type': type, 'metadata-flavor': 'Google' })
    response.end(body ?? '{"error":"refused"}')
  })
  const port = await listenOnLoopback(server)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, url: `http://127.0.0.1:${port}` }
}

function tokenFile(content: string): string {
  const file = temporaryFile(content)
  onTestFinished(() => file[Symbol.dispose]())
  return file.path
}

/** None of the machine's own identities plays a part. */
function environment(variables: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env))
    if (/^(?:AWS|GOOGLE|GCE|GCLOUD|CLOUDSDK|AZURE|IDENTITY|MSI|IMDS)_/.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('HOME', '/nowhere')
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
}
afterEach(() => {
  vi.unstubAllEnvs()
})

const ecr = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'

describe('AWS', () => {
  const token = Buffer.from('AWS:c4n4ry').toString('base64')
  const expiresAt = 1_800_000_000

  async function onEks(isTrusted: (body: string) => boolean) {
    const sts = await standIn(
      ({ body }) =>
        isTrusted(body)
          ? `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>AKIDTEST</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`
          : undefined,
      'text/xml',
    )
    const registry = await standIn(({ headers }) =>
      /AKIDTEST\/\d{8}\/eu-central-1\/ecr\//.test(headers.authorization ?? '') &&
      headers['x-amz-target'] === 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken'
        ? JSON.stringify({ authorizationData: [{ authorizationToken: token, expiresAt }] })
        : undefined,
    )
    environment({
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/imagepull',
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile('a-service-account-token'),
      AWS_ENDPOINT_URL_STS: sts.url,
      AWS_ENDPOINT_URL_ECR: registry.url,
      AWS_EC2_METADATA_DISABLED: 'true',
    })
    return { sts, registry }
  }

  test("the role of the pod's ServiceAccount gets a token of ECR, in the region of the registry", async () => {
    const { sts } = await onEks((body) => body.includes('WebIdentityToken=a-service-account-token'))
    const login = await awsLogin().get(ecr)
    expect(login).toMatchObject({ username: 'AWS', expires: expiresAt * 1_000 })
    expect(login.password.reveal()).toBe('c4n4ry')
    expect(sts.asked[0]?.body).toContain('RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fimagepull')
  })

  test('a role that does not trust it gives none', async () => {
    const { registry } = await onEks(() => false)
    await expect(awsLogin().get(ecr)).rejects.toThrow()
    expect(registry.asked).toEqual([])
  })

  test('without an identity there is a sentence', async () => {
    environment({ AWS_EC2_METADATA_DISABLED: 'true' })
    await expect(awsLogin().get(ecr)).rejects.toThrow(/credential/i)
  })

  test('another registry is none of ECR', async () => {
    await expect(awsLogin().get('registry.example')).rejects.toThrow('no registry of ECR')
  })
})

describe('Google', () => {
  test('the metadata server of a pod with workload identity gives a token', async () => {
    const metadata = await standIn(({ path, headers }) => {
      if (headers['metadata-flavor'] !== 'Google') return undefined
      return path.includes('/service-accounts/default/token')
        ? JSON.stringify({ access_token: 'c4n4ry', expires_in: 3_000, token_type: 'Bearer' })
        : '{}'
    })
    environment({ GCE_METADATA_HOST: metadata.url.replace('http://', '') })
    const began = Date.now()
    const login = await googleLogin().get('europe-docker.pkg.dev')
    expect(login.username).toBe('oauth2accesstoken')
    expect(login.password.reveal()).toBe('c4n4ry')
    expect(login.expires).toBeGreaterThanOrEqual(began + 3_000_000)
  })

  test('a key file that does not exist is a sentence', async () => {
    environment({ GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/key.json' })
    await expect(googleLogin().get('europe-docker.pkg.dev')).rejects.toThrow(/nowhere/)
  })
})

describe('Azure', () => {
  const acr = 'team.azurecr.io'
  const exp = 1_800_000_000
  const refresh = `h.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.s`
  const exchanged: [string, Readonly<Record<string, string>>][] = []
  const post = async (url: URL, form: Readonly<Record<string, string>>) => {
    exchanged.push([url.href, form])
    if (form.access_token !== 'entra-token') throw new Error('the registry refuses it')
    return JSON.stringify({ refresh_token: refresh })
  }
  afterEach(() => void exchanged.splice(0))

  test("a pod's ServiceAccount gets a token of Entra, which the registry exchanges", async () => {
    const entra = await standIn(({ path, body }) =>
      path.startsWith('/tenant-1/oauth2/v2.0/token') && new URLSearchParams(body).get('client_assertion') === 'renewed'
        ? JSON.stringify({ token_type: 'Bearer', expires_in: 3_600, access_token: 'entra-token' })
        : undefined,
    )
    const file = tokenFile('first')
    writeFileSync(file, 'renewed\n')
    const send = async <T>(url: string, options?: { readonly headers?: Record<string, string>; body?: string }) => {
      const answer = await fetch(url.replace('https://login.microsoftonline.com', entra.url), {
        method: options?.body === undefined ? 'GET' : 'POST',
        ...(options?.headers && { headers: options.headers }),
        ...(options?.body !== undefined && { body: options.body }),
      })
      return { headers: {}, status: answer.status, body: (await answer.json()) as T }
    }
    const network = { sendGetRequestAsync: send, sendPostRequestAsync: send }
    const login = await azureLogin({ tenant: 'tenant-1', client: 'client-1', tokenFile: file, network }, post).get(acr)
    expect(login).toMatchObject({ username: '00000000-0000-0000-0000-000000000000', expires: exp * 1_000 })
    expect(login.password.reveal()).toBe(refresh)
    expect(exchanged).toEqual([
      [
        `https://${acr}/oauth2/exchange`,
        { grant_type: 'access_token', service: acr, tenant: 'tenant-1', access_token: 'entra-token' },
      ],
    ])
    const form = new URLSearchParams(entra.asked.at(-1)?.body)
    expect(form.get('scope')).toContain('https://containerregistry.azure.net/.default')
  })

  test("elsewhere the machine's managed identity does", async () => {
    const machine = await standIn(({ path, headers }) =>
      headers['x-identity-header'] === 'header-1' && path.includes('resource=https%3A%2F%2Fcontainerregistry.azure.net')
        ? JSON.stringify({ access_token: 'entra-token', expires_on: exp, token_type: 'Bearer' })
        : undefined,
    )
    environment({ IDENTITY_ENDPOINT: `${machine.url}/token`, IDENTITY_HEADER: 'header-1' })
    expect((await azureLogin({}, post).get(acr)).password.reveal()).toBe(refresh)
  })

  test('a registry that exchanges nothing is a sentence', async () => {
    const machine = await standIn(() =>
      JSON.stringify({ access_token: 'entra-token', expires_on: exp, token_type: 'Bearer' }),
    )
    environment({ IDENTITY_ENDPOINT: `${machine.url}/token`, IDENTITY_HEADER: 'header-1' })
    await expect(azureLogin({}, async () => '{}').get(acr)).rejects.toThrow('exchanged its token for none')
  })
})
