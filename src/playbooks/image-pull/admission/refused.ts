import { type MakerResource, makerKinds } from '../../../kubernetes/kinds.ts'
import type { Text } from '../../../text.ts'
import type { ContainerDiagnosis, PullVerdict } from '../model.ts'
import type { Route } from '../route.ts'
import type { PodMaker, Refusal } from './refusal.ts'
import { admissionVerdict, playbookOfRefusal, refusalNote } from './verdict.ts'

/** What a refusal of pods means for a diagnosis: a failure that a policy decided, or another subject than pulls. */
export interface RefusedPods {
  readonly image: string
  readonly failing: readonly ContainerDiagnosis[]
  readonly route: Route | undefined
  readonly note: Text | undefined
}

/** @param pods How many pods of it are there. */
export function judgeRefusal(kind: MakerResource, maker: PodMaker, refusal: Refusal, pods: number): RefusedPods {
  const { namespace, name } = maker.metadata
  const called = `${makerKinds[kind]} ${name}`
  const images = imagesOf(maker)
  const image = images.find((it) => refusal.words.includes(it)) ?? images[0] ?? ''
  const playbook = playbookOfRefusal(refusal)
  const verdict = playbook ? undefined : admissionVerdict(refusal, { namespace, owner: called, images, pods })
  if (verdict)
    return { image, failing: [{ ...failed(verdict, image), at: 'policy' }], route: undefined, note: undefined }
  const note = refusalNote(refusal, called, pods)
  return { image, failing: [], note, route: { playbook, note } }
}

/** Without a pod: no container failed, and the whole of it did. */
export function failed(verdict: PullVerdict, image: string): ContainerDiagnosis {
  return {
    ...{ container: '', image, at: 'nowhere', verdict, also: [], chain: [verdict] },
    ...{ undetermined: [], change: undefined },
  }
}

function imagesOf({ spec }: PodMaker): readonly string[] {
  const template = 'jobTemplate' in spec ? spec.jobTemplate.spec.template : spec.template
  return [...(template?.spec.initContainers ?? []), ...(template?.spec.containers ?? [])].map(({ image }) => image)
}
