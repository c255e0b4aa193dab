import { describe, expect, test } from 'vitest'
import type { Cause } from '../../../src/diagnosis/cause.ts'
import type { Kind } from '../../../src/messages/row.ts'
import { accessForbidden } from '../../../src/playbooks/image-pull/causes/access/access-forbidden.ts'
import { authSchemeUnsupported } from '../../../src/playbooks/image-pull/causes/access/auth-scheme-unsupported.ts'
import { badCredentialsOnPublicImage } from '../../../src/playbooks/image-pull/causes/access/bad-credentials-on-public-image.ts'
import { credentialProviderSilent } from '../../../src/playbooks/image-pull/causes/access/credential-provider-silent.ts'
import { credentialsMissing } from '../../../src/playbooks/image-pull/causes/access/credentials-missing.ts'
import { credentialsRejected } from '../../../src/playbooks/image-pull/causes/access/credentials-rejected.ts'
import { pullSecretMalformed } from '../../../src/playbooks/image-pull/causes/access/pull-secret-malformed.ts'
import { pullSecretMissing } from '../../../src/playbooks/image-pull/causes/access/pull-secret-missing.ts'
import { pullSecretNotAttached } from '../../../src/playbooks/image-pull/causes/access/pull-secret-not-attached.ts'
import { pullSecretUnmatched } from '../../../src/playbooks/image-pull/causes/access/pull-secret-unmatched.ts'
import { repositoryMissingOrPrivate } from '../../../src/playbooks/image-pull/causes/access/repository-missing-or-private.ts'
import { type NodeLogin, nodeLogin } from '../../../src/playbooks/image-pull/checks/node-login.ts'
import {
  accountLogins,
  credentials,
  type NamedSecret,
  pullSecrets,
  serviceAccountSecrets,
} from '../../../src/playbooks/image-pull/checks/pull-secrets.ts'
import { anonymousManifest, manifest, ownManifest, tags } from '../../../src/playbooks/image-pull/checks/registry.ts'
import type { PullFinding } from '../../../src/playbooks/image-pull/model.ts'
import type { PullSecret } from '../../../src/registry/auth/keyring.ts'
import type { ManifestAnswer } from '../../../src/registry/registry.ts'
import { Secret } from '../../../src/secret.ts'
import { answers, type Fact, fact, factsOf, judgeFacts, summaryOf, unknown } from '../../support/judge-by-facts.ts'

const image = 'registry.example/team/app:1.0'
const url = 'https://registry.example/v2/team/app/manifests/1.0'
const unpack = `failed to pull and unpack image "${image}": failed to resolve reference "${image}"`
const unauthorized = `${unpack}: unexpected status from HEAD request to ${url}: 401 Unauthorized`
const forbidden = `${unpack}: unexpected status from HEAD request to ${url}: 403 Forbidden`
const anonymous = `${unpack}: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://registry.example/token: 401 Unauthorized`
const oauth = `${unpack}: failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://registry.example/token: 401 Unauthorized`
const timeout = `${unpack}: failed to do request: Head "${url}": dial tcp 192.0.2.1:443: i/o timeout`
const badBase64 = 'illegal base64 data at input byte 0'

const seen = (answer: ManifestAnswer, ...tried: readonly string[]): Fact => fact(manifest, { answer, tried })
const someTags = { status: 'names', asked: answers.found.asked, names: ['0.9'], complete: true } as const
const login = { source: 'secret shop/regcred', username: 'robot', password: new Secret('hunter2') }
const noLogin = fact(credentials, { matching: [] })
const oneLogin = fact(credentials, { matching: [login] })
const noSecrets = fact(pullSecrets, [])
const holding = (key: string): PullSecret => ({
  source: 'secret shop/regcred',
  entries: [{ key, username: 'robot', password: new Secret('hunter2') }],
})
const secrets = (...named: readonly NamedSecret[]): Fact => fact(pullSecrets, named)
const noNodeLogin = fact(nodeLogin, undefined)
const managed: NodeLogin = {
  identity: { cloud: 'aws', called: "the node's IAM role", managed: true },
  because: 'its role may log in',
}

type Row = readonly [what: string, expected: string, words: string, facts: readonly Fact[]]
interface Table {
  readonly cause: Cause<Kind, PullFinding>
  readonly rows: readonly Row[]
}

const tables: readonly Table[] = [
  {
    cause: accessForbidden,
    rows: [
      ['the registry and the kubelet say 403', 'proven', forbidden, [seen(answers.denied)]],
      ['403 from here alone may be a firewall', 'likely', unauthorized, [seen(answers.denied)]],
      ['a login that is taken has no right to pull', 'likely', unauthorized, [seen(answers.bearer, login.source)]],
      ['the token server refuses', 'ruled-out', forbidden, [seen(answers.tokenDenied)]],
      ['the token server refuses a login', 'likely', forbidden, [seen(answers.tokenDenied, login.source)]],
      ['who is forbidden may list the tags', 'likely', forbidden, [seen(answers.denied), fact(tags, someTags)]],
      ['the node is refused, and this place is not', 'likely', forbidden, [seen(answers.found)]],
      ['the image is there, and the node was told 401', 'ruled-out', unauthorized, [seen(answers.found)]],
      ['the registry could not be asked', 'undetermined, likely', forbidden, [unknown(manifest), noNodeLogin]],
    ],
  },
  {
    cause: authSchemeUnsupported,
    rows: [
      ['a 401 without a challenge', 'proven', unauthorized, [seen(answers.noChallenge)]],
      ['a challenge that no runtime speaks', 'proven', unauthorized, [seen(answers.negotiate)]],
      ['a challenge for Basic', 'ruled-out', unauthorized, [seen(answers.basic)]],
      ['a token server that refuses', 'ruled-out', unauthorized, [seen(answers.tokenServer)]],
      ['the registry could not be asked', 'undetermined', unauthorized, [unknown(manifest)]],
    ],
  },
  {
    cause: badCredentialsOnPublicImage,
    rows: [
      [
        'anybody may pull it, and the login is refused',
        'proven',
        unauthorized,
        [seen(answers.basic, login.source), fact(anonymousManifest, answers.found)],
      ],
      [
        'anybody may pull it, and the token server forbids it to the login',
        'proven',
        forbidden,
        [seen(answers.tokenDenied, login.source), fact(anonymousManifest, answers.found)],
      ],
      [
        'strangers may not pull it either',
        'ruled-out',
        unauthorized,
        [seen(answers.basic, login.source), fact(anonymousManifest, answers.basic)],
      ],
      [
        'strangers could not ask',
        'undetermined',
        unauthorized,
        [seen(answers.basic, login.source), unknown(anonymousManifest)],
      ],
    ],
  },
  {
    cause: credentialProviderSilent,
    rows: [
      ['a managed node sent no login', 'likely', anonymous, [fact(nodeLogin, managed), noLogin]],
      ['the pod has a login of its own', 'ruled-out', anonymous, [fact(nodeLogin, managed), oneLogin]],
      ['the words do not say what was sent', 'ruled-out', unauthorized, [fact(nodeLogin, managed), noLogin]],
      ['the node has no login of its own', 'ruled-out', anonymous, [noNodeLogin, noLogin]],
      ['nobody could look at the node', 'undetermined', anonymous, [unknown(nodeLogin), noLogin]],
    ],
  },
  {
    cause: credentialsMissing,
    rows: [
      ['the node says that it had no login', 'proven', anonymous, [seen(answers.basic), noLogin, noSecrets]],
      ['the node may have one of its own', 'likely', unauthorized, [seen(answers.basic), noLogin, noSecrets]],
      ['the token server refuses strangers', 'proven', anonymous, [seen(answers.tokenDenied), noLogin, noSecrets]],
      ['a login fits', 'ruled-out', unauthorized, [seen(answers.basic), oneLogin, noSecrets]],
      ['a login was tried', 'ruled-out', unauthorized, [seen(answers.basic, login.source), noLogin, noSecrets]],
      ['the registry wants no login', 'ruled-out', unauthorized, [seen(answers.missing), noLogin, noSecrets]],
      ['the registry could not be asked', 'undetermined, likely', anonymous, [unknown(manifest), noLogin, noNodeLogin]],
      [
        'secrets could not be read, and the words do not say that none was sent',
        'undetermined, possible',
        unauthorized,
        [unknown(manifest), fact(credentials, { matching: [], unknown: 'not allowed' }), noNodeLogin],
      ],
      [
        'secrets could not be read, and the words say that none was sent',
        'undetermined, likely',
        anonymous,
        [unknown(manifest), fact(credentials, { matching: [], unknown: 'not allowed' }), noNodeLogin],
      ],
      ['a managed node logs in by itself', 'undetermined', anonymous, [unknown(manifest), fact(nodeLogin, managed)]],
    ],
  },
  {
    cause: credentialsRejected,
    rows: [
      ['the login that was sent is refused', 'proven', unauthorized, [seen(answers.basic, login.source)]],
      ['the token server refuses it', 'proven', unauthorized, [seen(answers.tokenServer, login.source)]],
      ['the login is right and its right is missing', 'ruled-out', unauthorized, [seen(answers.bearer, login.source)]],
      ['no login was sent', 'ruled-out', unauthorized, [seen(answers.basic)]],
      ['the node sent one of its own', 'likely', oauth, [seen(answers.basic)]],
      ['the node sent one of its own, and strangers may pull', 'likely', oauth, [seen(answers.found)]],
      [
        'the pod has a login, and the registry could not be asked',
        'undetermined, likely',
        unauthorized,
        [unknown(manifest), oneLogin, noNodeLogin],
      ],
      ['the words say that none was sent', 'undetermined', anonymous, [unknown(manifest), oneLogin, noNodeLogin]],
    ],
  },
  {
    cause: pullSecretMalformed,
    rows: [
      [
        'a secret of a wrong type',
        'proven',
        unauthorized,
        [
          secrets({
            name: 'regcred',
            secret: { source: 's', entries: [], problem: { kind: 'wrong-type', says: 'Opaque' } },
          }),
        ],
      ],
      [
        'a secret that does not decode',
        'proven',
        unauthorized,
        [
          secrets({
            name: 'regcred',
            secret: { source: 's', entries: [], problem: { kind: 'broken', says: 'no JSON' } },
          }),
        ],
      ],
      ['a good secret', 'ruled-out', unauthorized, [secrets({ name: 'regcred', secret: holding('registry.example') })]],
      [
        'an entry without a login',
        'proven',
        unauthorized,
        [secrets({ name: 'regcred' }), fact(credentials, { matching: [], empty: ['secret shop/regcred'] })],
      ],
      ['secrets may not be read, but the kubelet says it', 'undetermined, likely', badBase64, [unknown(pullSecrets)]],
      ['secrets may not be read, and nobody says it', 'undetermined', unauthorized, [unknown(pullSecrets)]],
    ],
  },
  {
    cause: pullSecretMissing,
    rows: [
      ['there is no such Secret', 'proven', unauthorized, [secrets({ name: 'regcred' })]],
      ['it is there', 'ruled-out', unauthorized, [secrets({ name: 'regcred', secret: holding('registry.example') })]],
      ['secrets may not be read, and no event tells', 'ruled-out', unauthorized, [unknown(pullSecrets)]],
    ],
  },
  {
    cause: pullSecretNotAttached,
    rows: [
      [
        'the ServiceAccount has a login for this registry now',
        'proven',
        unauthorized,
        [noSecrets, fact(serviceAccountSecrets, { name: 'default', secrets: ['regcred'] }), fact(accountLogins, ['s'])],
      ],
      [
        'what its secret holds may not be read',
        'likely',
        unauthorized,
        [noSecrets, fact(serviceAccountSecrets, { name: 'default', secrets: ['regcred'] }), unknown(accountLogins)],
      ],
      [
        'its secret is for another registry',
        'ruled-out',
        unauthorized,
        [noSecrets, fact(serviceAccountSecrets, { name: 'default', secrets: ['regcred'] }), fact(accountLogins, [])],
      ],
      [
        'the ServiceAccount has none',
        'ruled-out',
        unauthorized,
        [noSecrets, fact(serviceAccountSecrets, { name: 'default', secrets: [] })],
      ],
      ['nobody could look at it', 'undetermined', unauthorized, [noSecrets, unknown(serviceAccountSecrets)]],
    ],
  },
  {
    cause: pullSecretUnmatched,
    rows: [
      [
        'its login is for another registry',
        'proven',
        unauthorized,
        [noLogin, secrets({ name: 'regcred', secret: holding('other.example') })],
      ],
      [
        'its login is for another image of the pod',
        'likely',
        unauthorized,
        [noLogin, secrets({ name: 'regcred', secret: holding('other.test'), fits: ['other.test/proxy:1'] })],
      ],
      [
        'its login is for another image of the pod, and for the same host on another port',
        'proven',
        unauthorized,
        [noLogin, secrets({ name: 'regcred', secret: holding('registry.example:8443'), fits: ['other.test/proxy:1'] })],
      ],
      [
        'an entry for it has no login',
        'ruled-out',
        unauthorized,
        [
          fact(credentials, { matching: [], empty: ['secret shop/regcred'] }),
          secrets({ name: 'regcred', secret: holding('other.example') }),
        ],
      ],
      [
        'a login fits',
        'ruled-out',
        unauthorized,
        [oneLogin, secrets({ name: 'regcred', secret: holding('registry.example') })],
      ],
      ['there is no login at all', 'ruled-out', unauthorized, [noLogin, noSecrets]],
      ['secrets may not be read', 'undetermined', unauthorized, [noLogin, unknown(pullSecrets)]],
    ],
  },
]

describe.each(tables)('$cause.id', ({ cause, rows }) => {
  test.each(rows)('%s: %s', async (_what, expected, words, facts) => {
    expect(summaryOf(await judgeFacts(cause, [...factsOf(image, words), ...facts]))).toBe(expected)
  })
})

describe('repository-missing-or-private', () => {
  test.each<readonly [host: string, answer: Fact, expected: string]>([
    ['ghcr.io', seen(answers.denied), 'proven'],
    ['docker.io', seen(answers.tokenServer), 'proven'],
    ['ghcr.io', seen(answers.bearer, login.source), 'proven'],
    ['ghcr.io', seen(answers.tokenServer, login.source), 'ruled-out'],
    ['ghcr.io', seen(answers.tokenDenied, login.source), 'proven'],
    ['ghcr.io', seen({ ...answers.tokenDenied, message: 'token lacks scopes' }, login.source), 'ruled-out'],
    ['ghcr.io', seen(answers.missing), 'ruled-out'],
    ['registry.example', seen(answers.denied), 'ruled-out'],
    ['ghcr.io', unknown(manifest), 'undetermined'],
  ])('%s', async (host, answer, expected) => {
    const facts = [...factsOf(`${host}/team/app:1.0`, forbidden), answer]
    expect(summaryOf(await judgeFacts(repositoryMissingOrPrivate, facts))).toBe(expected)
  })
})

test("what imagepull's own login sees is not missing", async () => {
  const own = fact(ownManifest, { status: 'found', asked: { method: 'HEAD', url }, mediaType: '' })
  const facts = [...factsOf('ghcr.io/team/app:1.0', forbidden), seen(answers.denied), own]
  expect(summaryOf(await judgeFacts(repositoryMissingOrPrivate, facts))).toBe('ruled-out')
})

test('a time-out on the way never asks about access', () => {
  const kind: Kind = 'registry-timeout'
  expect(factsOf(image, timeout).length).toBeGreaterThan(0)
  const asking = [...tables.map(({ cause }) => cause), repositoryMissingOrPrivate]
  expect(asking.filter(({ explains }) => explains.includes(kind)).map(({ id }) => id)).toEqual([])
})

describe('a rejected login in a secret', () => {
  const remediesWith = async (secret: PullSecret) => {
    const facts = [seen(answers.basic, login.source), secrets({ name: 'regcred', secret })]
    const verdict = await judgeFacts(credentialsRejected, [...factsOf(image, unauthorized), ...facts])
    return verdict.status === 'confirmed' ? verdict.finding.remedies.map(({ kind }) => kind) : []
  }

  test('of its own is written anew', async () => {
    expect(await remediesWith(holding('registry.example'))).toEqual(['command'])
  })

  test('that holds other logins too is never replaced by a command', async () => {
    const entries = [holding('registry.example'), holding('other.example')].flatMap((it) => it.entries)
    expect(await remediesWith({ source: 'secret shop/regcred', entries })).toEqual(['action'])
  })
})
