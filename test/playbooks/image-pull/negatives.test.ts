import { describe, expect, test } from 'vitest'
import { rows } from '../../../src/messages/rows.ts'
import { causes } from '../../../src/playbooks/image-pull/causes.ts'
import { rowCause } from '../../../src/playbooks/image-pull/text-causes.ts'
import { RegistryError } from '../../../src/registry/errors.ts'
import { judgeByFacts } from '../../support/judge-by-facts.ts'
import { backendOf, buildOf, inCluster } from '../../support/situation-of.ts'

type Facts = Readonly<Record<string, unknown>>

const image = 'r.test:5000/team/web:1'
const names = {
  ...{ namespace: 'shop', pod: 'web-1', container: 'web', image, host: 'r.test:5000', node: 'n1' },
  owner: 'deployment/web',
}
const said = (kind: string, more: object = {}) => ({
  ...{
    container: 'web',
    image,
    state: 'failing',
    kinds: [kind],
    secretsNotFound: [],
    lastFailure: '2026-11-24T03:00:00Z',
  },
  said: { by: 'status', message: kind, reading: { kind, text: kind, clauses: [], ...more } },
})
const asked = { method: 'GET', url: 'https://r.test:5000/v2/team/web/manifests/1' }
const found = { status: 'found', asked, mediaType: 'application/vnd.oci.image.manifest.v1+json' }
const missing = { status: 'missing', asked, code: 'MANIFEST_UNKNOWN' }
const nowhere = { status: 'missing', asked }
const unauthorized = { status: 'unauthorized', asked, http: 401, by: 'registry', scheme: 'bearer' }
const listed = (...of: string[]) => ({ status: 'names', asked, names: of, complete: true })
const reference = { valid: true, reference: { host: 'r.test:5000', repository: 'team/web', tag: '1' } }
const hub = { valid: true, reference: { host: 'docker.io', repository: 'team/web', tag: '1' } }
const digest = `sha256:${'0'.repeat(64)}`
const cannotLook = new RegistryError('timeout', 'GET', 'it does not answer')
const forbidden = Object.assign(new Error('not allowed'), { code: 'forbidden' })
const moved = {
  ...{ by: 'Somebody', since: '2025', source: 'https://news.test/' },
  to: { host: 'new.test', repository: 'team/web' },
}
const account = { name: 'default', secrets: ['regcred'] }
const builds = { exact: [], otherTag: [], otherRegistry: [], open: [], looked: 3, builds: 1, complete: true }

const usual: Facts = {
  ...{ names, reference, message: said('image-not-found'), manifest: { answer: missing, tried: [] } },
  ...{ tags: listed('2'), repositories: listed('team/web'), credentials: { matching: [] }, 'pull-secrets': [] },
  ...{ 'node-login': undefined, node: undefined, 'index-child': undefined, neighbours: { pulled: [], failed: [] } },
  ...{ 'registry-service': inCluster, 'registry-backend': backendOf(), 'registry-policies': [], 'node-images': [] },
  ...{ 'service-range': { cidrs: ['10.96.0.0/12'], known: 'read' }, 'image-builds': builds, 'git-builds': forbidden },
  ...{ 'build-log': undefined, 'missing-blobs': { missing: [], of: 3 } },
}

/**
 * Causes that say that something is not there or not so: facts in which it looks so, and is not proven. Each case names
 * what was not searched, or what could have been misread.
 */
const unproven: Readonly<Record<string, readonly (readonly [why: string, facts: Facts])[]>> = {
  'tag-missing': [
    ['the tags could not be listed', { tags: cannotLook }],
    ['the list of tags has the tag', { tags: listed('1', '2') }],
    ['the tags are refused', { tags: unauthorized }],
  ],
  'default-tag-missing': [
    ['the tags could not be listed', { reference: withoutTag(), tags: cannotLook }],
    ['the list has latest', { reference: withoutTag(), tags: listed('latest') }],
  ],
  'digest-missing': [['the tags could not be listed', { reference: withDigest(), tags: cannotLook }]],
  'repository-missing': [
    [
      'a plain 404, which any web server gives',
      { manifest: answered(nowhere), tags: nowhere, repositories: cannotLook },
    ],
    ['the catalogue has it', { tags: { ...missing, code: 'NAME_UNKNOWN' } }],
    [
      "the pod's login is not known, and the answer is one for strangers",
      { manifest: { ...answered(missing), unlike: 'not allowed' }, tags: missing, repositories: cannotLook },
    ],
    [
      'the catalogue was cut before its end',
      {
        ...{ manifest: answered(nowhere), tags: nowhere },
        repositories: { ...listed('a/b'), complete: false },
      },
    ],
  ],
  'repository-missing-or-private': [
    ['the registry says plainly what is missing', { reference: hub }],
    [
      'the login was refused',
      { reference: hub, manifest: { answer: { ...unauthorized, by: 'token-server' }, tried: ['s'] } },
    ],
  ],
  'image-never-built': [
    ['not every Job was read', { repositories: listed('a/b'), 'image-builds': { ...builds, complete: false } }],
    [
      'a build of another place may be it',
      { repositories: listed('a/b'), 'image-builds': { ...builds, open: [buildOf()] } },
    ],
    ['Jobs may not be listed', { repositories: listed('a/b'), 'image-builds': forbidden }],
    ['the catalogue is empty', { repositories: listed() }],
  ],
  'build-destination-mismatch': [
    ['a build of that very image is there', { 'image-builds': { ...builds, exact: [buildOf()] } }],
    [
      'a rehearsal pushes nothing, and a build beside it does',
      { 'image-builds': { ...builds, exact: [buildOf({ noPush: true }), buildOf()] } },
    ],
    [
      'the registry has tags that no build of the cluster pushes',
      { 'image-builds': { ...builds, otherTag: [buildOf()] }, tags: listed('1.0', '1.1') },
    ],
    [
      'a system builds here whose builds nobody sees',
      {
        ...{ tags: listed('latest') },
        'image-builds': {
          ...{ ...builds, otherTag: [buildOf()] },
          systems: [{ name: 'Jenkins', pod: 'ci/agent', searched: false }],
        },
      },
    ],
    ['only another registry is meant', { 'image-builds': { ...builds, otherRegistry: [buildOf()] } }],
  ],
  'registry-storage-lost': [
    ['nothing shows that it held anything', { repositories: listed() }],
    ['it does not run in this cluster', { repositories: listed(), 'registry-backend': undefined }],
  ],
  'registry-down': [
    ['its endpoints may not be listed', { 'registry-backend': forbidden }],
    ['the registry is not in this cluster', { 'registry-backend': undefined }],
  ],
  'stale-service-ip': [
    [
      'the range is a guess',
      {
        ...{ 'registry-service': undefined, 'service-range': { cidrs: ['10.96.0.0/16'], known: 'inferred' } },
        reference: { valid: true, reference: { host: '10.96.0.9:5000', repository: 'web', tag: '1' } },
      },
    ],
    ['Services may not be listed', { 'registry-service': forbidden }],
  ],
  'network-policy-blocks-registry': [['a policy selects it', { 'registry-policies': ['lock'] }]],
  'stale-backoff': [
    ['the registry refused the node, and not this place', { manifest: answered(found), message: said('auth-denied') }],
    [
      "the image of the node's platform could not be looked at",
      { manifest: answered(found), 'index-child': cannotLook },
    ],
    ["the image of the node's platform is gone", { manifest: answered(found), 'index-child': { answer: missing } }],
    ['a mirror said it', { manifest: answered(found), message: said('image-not-found', { upstream: 'docker.io' }) }],
    ["the pod's login is not known", { manifest: { ...answered(found), unlike: 'not allowed' } }],
    ["the kubelet's words are lost", { manifest: answered(found), message: said('backoff-only') }],
  ],
  'pull-secret-missing': [
    [
      'secrets may not be read',
      { 'pull-secrets': forbidden, message: { ...said('auth-required'), secretsNotFound: ['s'] } },
    ],
  ],
  'pull-secret-malformed': [['no secret is broken', { message: said('pull-secret-malformed') }]],
  'pull-secret-unmatched': [
    ['secrets may not be read', { 'pull-secrets': forbidden }],
    ['a login matches', { credentials: { matching: [{ source: 's' }] } }],
  ],
  'pull-secret-not-attached': [
    ["the account's secrets may not be read", { 'service-account': account, 'account-logins': forbidden }],
    ["the account's secrets hold no login for it", { 'service-account': account, 'account-logins': [] }],
  ],
  'credentials-missing': [
    [
      'the node itself sent a login',
      { manifest: answered(unauthorized), message: said('auth-required', { credential: 'sent' }) },
    ],
    [
      'the words do not tell whether one was sent',
      { manifest: answered(unauthorized), message: said('auth-required') },
    ],
    ['the registry could not be asked', { manifest: cannotLook, message: said('auth-required') }],
  ],
  'credentials-rejected': [
    [
      'the token server took the login, and the repository is closed to it',
      { manifest: { answer: unauthorized, tried: ['secret shop/s'] }, message: said('auth-required') },
    ],
  ],
  'credential-provider-silent': [
    [
      "the node's cloud logs in by itself",
      {
        'node-login': { identity: { cloud: 'aws', called: 'its role', managed: true }, because: 'it does' },
        message: said('auth-required', { credential: 'anonymous' }),
      },
    ],
  ],
  'bad-credentials-on-public-image': [
    [
      'strangers are refused too',
      { manifest: { answer: unauthorized, tried: ['s'] }, 'anonymous-manifest': unauthorized },
    ],
    [
      'strangers were not tried',
      { manifest: { answer: unauthorized, tried: ['s'] }, 'anonymous-manifest': cannotLook },
    ],
  ],
  'access-forbidden': [
    ['who is forbidden may list the tags', { manifest: answered(forbiddenBecause('')), message: said('auth-denied') }],
    [
      'only this place is refused',
      { manifest: answered({ status: 'denied', asked, by: 'registry' }), message: said('auth-required') },
    ],
  ],
  'credentials-expired': [
    [
      'strangers are told so',
      { manifest: answered(forbiddenBecause('the token has expired')), message: said('auth-denied') },
    ],
    ['the registry says nothing of it', { manifest: answered(unauthorized), message: said('auth-denied') }],
  ],
  'vulnerability-policy': [
    [
      'strangers are told so',
      { manifest: answered(forbiddenBecause('due to configured policy')), message: said('signature-policy') },
    ],
  ],
  'registry-network-rule': [
    [
      'this place is what it refuses',
      {
        manifest: { answer: forbiddenBecause("client with IP '1.2.3.4' is not allowed access"), tried: ['s'] },
        message: said('auth-denied'),
      },
    ],
  ],
  'auth-scheme-unsupported': [
    ['it says how to log in', { manifest: answered(unauthorized), message: said('auth-required') }],
  ],
  'platform-mismatch': [
    ['nobody knows the platforms', { message: said('platform-mismatch'), 'image-content': cannotLook }],
    ['the node may not be read', { message: said('platform-mismatch'), 'image-content': cannotLook, node: forbidden }],
  ],
  'wrong-os-image': [
    ['nobody knows for which systems it is', { 'operating-systems': cannotLook, message: said('platform-mismatch') }],
    [
      'the image is for that system too',
      { 'operating-systems': { node: 'linux', image: ['windows', 'linux'] }, message: said('platform-mismatch') },
    ],
  ],
  'index-child-missing': [
    ["the node's platform is not in the index", {}],
    ['it could not be asked for', { manifest: answered(found), 'index-child': cannotLook }],
    [
      'it is there',
      { manifest: answered(found), 'index-child': { answer: found, platform: { os: 'linux', architecture: 'amd64' } } },
    ],
  ],
  'blob-missing': [
    ['no part could be looked at', { 'missing-blobs': cannotLook }],
    ['the index was not looked into', { 'missing-blobs': { missing: [], of: 0 } }],
  ],
  'exec-format': [['only the log says it', { 'crash-log': 'exec format error', 'crashed-image': cannotLook }]],
  'image-relocated': [
    ['it was not found at the new place', { relocated: { ...moved, answer: missing } }],
    ['the new place could not be asked', { relocated: cannotLook }],
    ['the old place could not be asked', { relocated: { ...moved, answer: found }, manifest: cannotLook }],
    ['the old place still has it', { relocated: { ...moved, answer: found }, manifest: answered(found) }],
    ['nobody is known to have moved it', { relocated: undefined }],
  ],
  'registry-outage': [
    ['the public image is there', { 'public-image': found }],
    ['the public image could not be asked for', { 'public-image': cannotLook }],
    ['no public image of that registry is known', { 'public-image': undefined }],
    ['the address may be what is refused', { 'public-image': { status: 'denied', asked, by: 'registry' } }],
  ],
  'login-locked': [
    ['only the number is shown', { manifest: cannotLook, message: said('rate-limited', { cause: 'rate-limited' }) }],
    ['the registry speaks of pulls', { manifest: answered(tooMany('pull rate limit')), message: said('rate-limited') }],
  ],
  'rate-limited': [
    [
      'a token server says it, which says so of locked accounts too',
      { message: said('rate-limited', { cause: 'rate-limited', url: 'https://auth.test/token?scope=x' }) },
    ],
  ],
  'mirror-failed': [
    [
      'the mirror says that it lacks the image',
      { manifest: answered(found), message: said('image-not-found', { upstream: 'docker.io' }) },
    ],
  ],
  'not-a-registry': [
    [
      'it could not be asked',
      { manifest: cannotLook, message: said('registry-server-error', { cause: 'not-a-registry' }) },
    ],
    ['a registry answers here', { message: said('registry-server-error', { cause: 'not-a-registry' }) }],
  ],
  'registry-host-unknown': [
    ['it answers here', { spread: forbidden, message: said('dns-failure', { cause: 'registry-host-unknown' }) }],
    [
      'another node pulls from that name',
      {
        message: said('dns-failure', { cause: 'registry-host-unknown' }),
        spread: { where: 'node', nodes: ['n1'], because: [] },
      },
    ],
  ],
  'node-resolver-broken': [
    [
      'another node pulls from that name',
      {
        message: said('dns-failure', { cause: 'registry-host-unknown' }),
        spread: { where: 'node', nodes: ['n1'], because: [] },
      },
    ],
  ],
  'invalid-image-name': [['this grammar takes it', { message: said('invalid-image-name') }]],
}

/** Causes that state what was seen, and nothing that was not. */
const positive: readonly string[] = ['build-failed', 'build-running', 'pull-stalled']

/** A row's own cause is decided by its text, unless a file of the same id takes its place. */
const ofText: ReadonlySet<unknown> = new Set(rows.map(({ id }) => rowCause(id)))
const byFacts = causes.filter((cause) => !ofText.has(cause))

test('every cause that facts decide is here', () => {
  const known = [...Object.keys(unproven), ...positive]
  expect([...new Set(byFacts.map(({ id }) => id))].toSorted()).toEqual(known.toSorted())
})

describe.each(Object.entries(unproven))('%s is not proven', (id, cases) => {
  test.each(cases)('where %s', async (_why, facts) => {
    const judged = await Promise.all(
      causes.filter((cause) => cause.id === id).map((cause) => judgeByFacts(cause, { ...usual, ...facts })),
    )
    const confidences = judged.map((verdict) => ('finding' in verdict ? verdict.finding?.confidence : undefined))
    expect(judged.length).toBeGreaterThan(0)
    expect(confidences, JSON.stringify(judged)).not.toContain('proven')
  })
})

/** The same causes where everything was seen: else the cases above could not fail. */
const proven: Readonly<Record<string, Facts>> = {
  'tag-missing': {},
  'default-tag-missing': { reference: withoutTag() },
  'digest-missing': { reference: withDigest() },
  'repository-missing': { tags: { ...missing, code: 'NAME_UNKNOWN' }, repositories: listed('a/b') },
  'repository-missing-or-private': { reference: hub, manifest: answered(unauthorized) },
  'build-destination-mismatch': { 'image-builds': { ...builds, otherTag: [buildOf()] }, tags: listed('latest') },
  'registry-down': { 'registry-backend': backendOf({ readyEndpoints: 0 }) },
  'stale-backoff': { manifest: answered(found) },
  'credentials-missing': {
    manifest: answered(unauthorized),
    message: said('auth-required', { credential: 'anonymous' }),
  },
  'credentials-rejected': {
    manifest: { answer: { ...unauthorized, by: 'token-server' }, tried: ['secret shop/s'] },
    message: said('auth-required'),
  },
  'pull-secret-missing': { 'pull-secrets': [{ name: 's' }] },
  'pull-secret-not-attached': { 'service-account': account, 'account-logins': ['secret shop/regcred'] },
  'access-forbidden': {
    ...{ manifest: answered({ status: 'denied', asked, by: 'registry' }), tags: unauthorized },
    message: said('auth-denied'),
  },
  'credentials-expired': {
    manifest: { answer: forbiddenBecause('Your authorization token has expired.'), tried: ['secret shop/s'] },
    message: said('auth-denied'),
  },
  'vulnerability-policy': {
    manifest: { answer: forbiddenBecause('cannot be pulled due to configured policy in p'), tried: ['s'] },
    message: said('signature-policy'),
  },
  'index-child-missing': {
    manifest: answered(found),
    'index-child': { answer: missing, digest, platform: { os: 'linux', architecture: 'amd64' } },
  },
  'login-locked': {
    manifest: answered(tooMany('too many failed login attempts')),
    message: said('rate-limited', { cause: 'rate-limited' }),
  },
  'rate-limited': {
    message: said('rate-limited', { cause: 'rate-limited', url: 'https://r.test/v2/team/web/manifests/1' }),
  },
  'mirror-failed': { message: said('registry-timeout', { cause: 'mirror-failed' }) },
  'not-a-registry': {
    manifest: answered({ status: 'not-a-registry', asked, http: 200 }),
    message: said('registry-server-error', { cause: 'not-a-registry' }),
  },
  'registry-host-unknown': {
    ...{ spread: forbidden, manifest: cannotLook },
    message: said('dns-failure', { cause: 'registry-host-unknown' }),
  },
  'wrong-os-image': {
    'operating-systems': { node: 'windows', image: ['linux'] },
    message: said('platform-mismatch'),
  },
  'image-relocated': { relocated: { ...moved, answer: found } },
  'registry-outage': { 'public-image': unauthorized, message: said('auth-required') },
  'blob-missing': { 'missing-blobs': { missing: [digest], of: 3 } },
}

test.each(Object.entries(proven))('%s is proven where all was seen', async (id, facts) => {
  const judged = await Promise.all(
    causes.filter((cause) => cause.id === id).map((cause) => judgeByFacts(cause, { ...usual, ...facts })),
  )
  expect(judged).toContainEqual(
    expect.objectContaining({ status: 'confirmed', finding: expect.objectContaining({ confidence: 'proven' }) }),
  )
})

function answered(answer: object): object {
  return { answer, tried: [] }
}

function forbiddenBecause(message: string): object {
  return { status: 'denied', asked, by: 'registry', message }
}

function withoutTag(): object {
  return { valid: true, reference: { host: 'r.test:5000', repository: 'team/web' } }
}

function withDigest(): object {
  return { valid: true, reference: { host: 'r.test:5000', repository: 'team/web', digest } }
}

function tooMany(message: string): object {
  return { status: 'rate-limited', asked, message }
}
