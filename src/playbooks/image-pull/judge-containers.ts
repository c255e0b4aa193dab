import type { Cause } from '../../diagnosis/cause.ts'
import type { Run } from '../../diagnosis/check.ts'
import { judge, type Outcome } from '../../diagnosis/judge.ts'
import { childRun } from '../../diagnosis/run.ts'
import { type Kind, kinds as kindTable } from '../../messages/row.ts'
import { parseReference } from '../../registry/reference.ts'
import { text } from '../../text.ts'
import { advise } from './advice/advise.ts'
import { causes } from './causes.ts'
import { changeOf, type ImageChange } from './change.ts'
import { owner, revisions } from './checks/owner.ts'
import { manifest } from './checks/registry.ts'
import { type ContainerPull, type PulledImage, theImage, thePull, wasSaid } from './inputs.ts'
import type { ContainerDiagnosis, PullFinding, PullVerdict } from './model.ts'

type PullCause = Cause<Kind, PullFinding>
type PullOutcome = Outcome<Kind, PullFinding>
export type RunOf = (image: PulledImage) => Run

const asked: ReadonlySet<ContainerPull['state']> = new Set(['failing', 'pulling', 'crashing'])

interface JudgedContainer {
  readonly diagnosis: ContainerDiagnosis
  readonly run: Run
}

/** Diagnoses each container that fails, in their order. `run` is that of the pod. */
export async function judgeContainers(run: Run, pulls: readonly ContainerPull[]): Promise<readonly JudgedContainer[]> {
  const runOf = runsOfImages(run)
  const judged = await Promise.all(pulls.filter(({ state }) => asked.has(state)).map((pull) => judgePull(runOf, pull)))
  return judged.filter((it) => it !== undefined)
}

/** Containers of one image share a run, so that the registry is asked about it once. */
export function runsOfImages(run: Run): RunOf {
  const runs = new Map<string, Run>()
  return (of) => {
    const known = runs.get(of.image)
    if (known) return known
    const made = childRun(run, of.image)
    theImage.give(made, of)
    runs.set(of.image, made)
    return made
  }
}

/** Diagnoses one container. undefined: it does not fail, and nothing explains why it should. */
export async function judgePull(runOf: RunOf, pull: ContainerPull): Promise<JudgedContainer | undefined> {
  const run = childRun(runOf(imageOf(pull)), pull.container)
  thePull.give(run, pull)
  const kinds: ReadonlySet<Kind> = new Set(kindsAsked(pull))
  const [outcome, change]: [PullOutcome, ImageChange | undefined] = await Promise.all([
    judge(causes, kinds, run),
    changeSeen(runOf, run, pull),
  ])
  const chain = outcome.chain.flatMap((cause) => verdictOf(outcome, cause))
  const [first] = chain
  if (!first && pull.state !== 'failing') return undefined
  const verdict = first ? { ...first, confidence: outcome.confidence } : unknownVerdict(pull)
  const kind = pull.said?.reading.kind
  const diagnosis: ContainerDiagnosis = {
    container: pull.container,
    image: pull.image,
    at: kind ? kindTable[kind].at : 'nowhere',
    host: pull.said?.reading.host,
    verdict: await advise(verdict, pull, change, run),
    also: outcome.also.flatMap((cause) => verdictOf(outcome, cause)),
    chain,
    undetermined: outcome.open.map((cause) => ({ cause: cause.id, reason: reasonOf(outcome, cause) })),
    change,
  }
  return { diagnosis, run }
}

/** What ran and crashed was pulled, and what is being pulled has not failed: only what explains just that is asked. */
function kindsAsked({ state, kinds }: ContainerPull): readonly Kind[] {
  if (state === 'crashing') return ['not-image-pull']
  return state === 'pulling' ? ['runtime-failure'] : kinds
}

function imageOf(pull: ContainerPull): PulledImage {
  const kind = pull.said?.reading.kind
  return {
    image: pull.image,
    plainHttp: speaksHttp(pull.image, pull),
    loggedIn: kind !== undefined && kindTable[kind].at === 'content',
  }
}

/** The kubelet asked this image's own registry over plain HTTP; a mirror's URL says nothing about it. */
function speaksHttp(image: string, { said }: ContainerPull): boolean {
  const url = URL.parse(said?.reading.url ?? '')
  const parsed = parseReference(image)
  return url?.protocol === 'http:' && parsed.valid && URL.parse(`http://${parsed.reference.host}`)?.host === url.host
}

async function changeSeen(runOf: RunOf, run: Run, pull: ContainerPull): Promise<ImageChange | undefined> {
  const [history, owned] = await Promise.all([revisions.ask(run), owner.ask(run)])
  if (!history.known || !owned.known) return undefined
  const change = changeOf(pull.container, pull.image, history.value, owned.value)
  if (!change) return undefined
  const before = await manifest.ask(
    runOf({ image: change.imageBefore, plainHttp: speaksHttp(change.imageBefore, pull) }),
  )
  const answer = before.known ? before.value.answer.status : undefined
  if (answer === 'found') return { ...change, stillPulls: true }
  return answer === 'missing' ? { ...change, stillPulls: false } : change
}

function verdictOf(outcome: PullOutcome, cause: PullCause): readonly PullVerdict[] {
  const verdict = outcome.verdicts.get(cause)
  if (!verdict || verdict.status === 'ruled-out' || !verdict.finding) return []
  return [{ cause: cause.id, ...verdict.finding }]
}

function reasonOf(outcome: PullOutcome, cause: PullCause): string {
  const verdict = outcome.verdicts.get(cause)
  return verdict?.status === 'undetermined' ? verdict.reason : ''
}

/** Nothing stands: what was heard, and where to look next. */
function unknownVerdict(pull: ContainerPull): PullVerdict {
  const said = wasSaid(pull) ? pull.said : undefined
  return {
    cause: 'unknown',
    confidence: 'possible',
    title: 'Cause not found',
    summary: said
      ? text`The image ${pull.image} cannot be pulled, and no cause that imagepull knows fits what was seen.`
      : text`The image ${pull.image} cannot be pulled, and nothing tells why: the kubelet's words are lost.`,
    because: said
      ? [
          {
            says: text`The kubelet says: ${said.message}`,
            source: said.by === 'status' ? 'container status' : 'event',
            confidence: 'proven',
          },
        ]
      : [],
    remedies: [{ kind: 'action', title: text`Read the kubelet's and the container runtime's log on the node` }],
    verify: [],
    prevent: [],
  }
}
