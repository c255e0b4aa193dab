import { buildOfJob } from '../../builds/builds.ts'
import { readBuild } from '../../builds/log/read.ts'
import { type MakerResource, makerKinds } from '../../kubernetes/kinds.ts'
import type { Resource } from '../../kubernetes/resources.ts'
import { text } from '../../text.ts'
import { type PodMaker, refusalOf } from './admission/refusal.ts'
import { failed, judgeRefusal } from './admission/refused.ts'
import type { World } from './diagnose.ts'
import { buildVerdict, routeOfBuild } from './diagnose-build.ts'
import type { Diagnosis } from './model.ts'

/** An owner that has no pod now: nothing is pulled, and its events may tell why there is none. */
export async function diagnoseOwner(kind: MakerResource, owner: PodMaker, world: World): Promise<Diagnosis> {
  const { namespace, name } = owner.metadata
  const target = {
    ...{ cluster: world.cluster.name, namespace, pod: '', owner: { kind: makerKinds[kind], name } },
    ...{ container: '', image: '', node: '' },
  }
  const bare: Diagnosis = {
    ...{ target, healthy: false, failing: [], observations: [] },
    ...{ impact: undefined, route: undefined, note: undefined },
  }
  const [build] = kind === 'jobs' ? buildOfJob(owner as Resource<'jobs'>) : [] // by its kind
  if (build?.state === 'failed') {
    const reading = await readBuild(world.cluster, build, world.signal)
    const [image = ''] = build.destinations
    const failing = failed(buildVerdict(build, reading, undefined), image)
    return { ...bare, target: { ...target, image }, failing: [failing], route: routeOfBuild(build, reading) }
  }
  const refusal = scaledToNothing(owner) ? undefined : await refusalOf(world.cluster, kind, owner, world.signal)
  if (!refusal) {
    const idle = text`${makerKinds[kind]} ${name} has no pod now, so nothing pulls an image${scaledToNothing(owner) ? ': it is scaled to 0' : ''}.`
    return { ...bare, note: idle, route: { playbook: undefined, note: idle } }
  }
  // Where it has no pod at all, its newest refusal stands.
  const { image, ...refused } = judgeRefusal(kind, owner, { ...refusal, current: true }, 0)
  return { ...bare, ...refused, target: { ...target, image: refused.failing.length > 0 ? image : '' } }
}

function scaledToNothing({ spec }: PodMaker): boolean {
  return 'replicas' in spec && spec.replicas === 0
}
