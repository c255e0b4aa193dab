import { leadingBuild } from '../builds/build.ts'
import type { Run } from '../diagnosis/check.ts'
import { imageBuilds } from '../playbooks/image-pull/checks/builds.ts'
import { registryBackend } from '../playbooks/image-pull/checks/cluster-registry.ts'
import { reference } from '../playbooks/image-pull/checks/pod.ts'
import { credentials, pullSecrets } from '../playbooks/image-pull/checks/pull-secrets.ts'
import { relocationOf } from '../playbooks/image-pull/checks/relocated.ts'
import { nameOfBuild } from '../playbooks/image-pull/evidence/builds.ts'
import { expiryOf } from '../registry/auth/expiry.ts'
import { type Text, text } from '../text.ts'
import type { Forecast } from './forecast.ts'
import { type Held, havePulledFrom } from './held-images.ts'

/** Something that does not keep the image from being pulled now, and may do so later; or that explains a failure. */
export interface Note {
  readonly id:
    | 'mutable-tag'
    | 'login-expired'
    | 'login-expires'
    | 'pull-secret-missing'
    | 'build-unfinished'
    | 'build-failed'
    | 'kept-on-nodes'
    | 'kept-on-every-node'
    | 'moved'
    | 'registry-storage-in-pod'
    | 'plain-http'
    | 'cluster-dns-name'
  readonly says: Text
}

export interface NoteFacts {
  readonly forecast: Forecast
  /** Absent: it does not matter, or is not known. */
  readonly held: Held | undefined
  readonly now: Date
}

/** Milliseconds: a login that ends within this time is told of. A pod that is made again later needs it, too. */
const soon = 60 * 60_000

/** `run`: of the image. */
export async function notesOf(run: Run, facts: NoteFacts): Promise<readonly Note[]> {
  const notes = await Promise.all([
    ofReference(run, facts),
    ofLogin(run, facts),
    ofSecrets(run, facts),
    ofBuild(run, facts),
    ofStorage(run, facts),
    ofHost(run, facts),
  ])
  return [...notes.flat(), ...ofNodes(facts)]
}

async function ofReference(run: Run, { forecast }: NoteFacts): Promise<readonly Note[]> {
  const parsed = await reference.ask(run)
  if (!parsed.known || !parsed.value.valid || forecast.goes !== 'well') return []
  const { tag, digest } = parsed.value.reference
  const moves = !digest && (tag === undefined || tag === 'latest')
  const moved = relocationOf(parsed.value.reference)
  return [
    ...(moves
      ? [
          note(
            'mutable-tag',
            text`${tag ? 'latest' : 'no tag'}: the image may be another one tomorrow; write a version or a digest`,
          ),
        ]
      : []),
    ...(moved ? [note('moved', text`${moved.by} moved this image in ${moved.since}: see ${moved.source}`)] : []),
  ]
}

async function ofLogin(run: Run, { now }: NoteFacts): Promise<readonly Note[]> {
  const chosen = await credentials.ask(run)
  const [first] = chosen.known ? chosen.value.matching : []
  const expiry = first && expiryOf(first)
  if (!first || !expiry) return []
  const left = expiry.getTime() - now.getTime()
  if (left <= 0) return [note('login-expired', text`the login of ${first.source} expired at ${expiry.toISOString()}`)]
  return left < soon
    ? [note('login-expires', text`the login of ${first.source} expires at ${expiry.toISOString()}`)]
    : []
}

async function ofSecrets(run: Run, { forecast }: NoteFacts): Promise<readonly Note[]> {
  const named = await pullSecrets.ask(run)
  if (!named.known || forecast.goes !== 'well') return []
  const missing = named.value.filter(({ secret }) => !secret).map(({ name }) => name)
  return missing.length > 0
    ? [note('pull-secret-missing', text`the pull secret ${missing.join(', ')} does not exist; this image needs none`)]
    : []
}

/** Where the image is missing, the verdict speaks of its build. */
async function ofBuild(run: Run, { forecast }: NoteFacts): Promise<readonly Note[]> {
  if (forecast.goes !== 'well') return []
  const found = await imageBuilds.ask(run)
  const build = found.known && found.value ? leadingBuild(found.value.exact) : undefined
  if (build?.state === 'running' || build?.state === 'pending')
    return [
      note(
        'build-unfinished',
        text`${nameOfBuild(build)}, which pushes this image, is not done: the registry has an earlier one`,
      ),
    ]
  return build?.state === 'failed'
    ? [
        note(
          'build-failed',
          text`${nameOfBuild(build)}, which pushes this image, failed: the registry has an earlier one`,
        ),
      ]
    : []
}

/** A registry in the cluster that may lose its images with its pod. One that stores them in a bucket has no volume, either. */
async function ofStorage(run: Run, { forecast }: NoteFacts): Promise<readonly Note[]> {
  if (forecast.goes !== 'well') return []
  const backend = await registryBackend.ask(run)
  const pods = backend.known ? (backend.value?.pods ?? []) : []
  if (pods.length === 0 || pods.some(({ storage }) => storage !== 'pod')) return []
  const { namespace = '', service = '' } = (backend.known && backend.value) || {}
  return [
    note(
      'registry-storage-in-pod',
      text`the pods of the registry ${namespace}/${service} have no persistent volume: unless it stores images elsewhere, they go with the pod`,
    ),
  ]
}

/** What works from here and perhaps not from a node. A node that lists an image of the host has reached it. */
async function ofHost(run: Run, { forecast }: NoteFacts): Promise<readonly Note[]> {
  const parsed = await reference.ask(run)
  if (!parsed.known || !parsed.value.valid || forecast.goes !== 'well' || !forecast.answer) return []
  const { host } = parsed.value.reference
  const isPlain = forecast.answer.asked.url.startsWith('http:')
  const isOfCluster = /\.svc(?:\.|:|$)/.test(host)
  if (!(isPlain || isOfCluster) || (await havePulledFrom(run, host)) !== false) return []
  return isOfCluster
    ? [
        note(
          'cluster-dns-name',
          text`nodes mostly do not resolve names of Services, and no node lists an image of ${host}`,
        ),
      ]
    : [
        note(
          'plain-http',
          text`${host} answers over plain HTTP: nodes pull from it only where their runtime is configured so`,
        ),
      ]
}

function ofNodes({ forecast, held }: NoteFacts): readonly Note[] {
  if (forecast.goes !== 'wrong' || !held || held.by.length === 0) return []
  const names = held.by.slice(0, shown).join(', ')
  return held.missingOn.length === 0
    ? [
        note(
          'kept-on-every-node',
          text`every node that the pod could land on has it already; a new node could not pull it`,
        ),
      ]
    : [
        note(
          'kept-on-nodes',
          text`${names} ${held.by.length === 1 ? 'has' : 'have'} it already, so pods start there, and fail on any other node`,
        ),
      ]
}

const shown = 3

function note(id: Note['id'], says: Text): Note {
  return { id, says }
}
