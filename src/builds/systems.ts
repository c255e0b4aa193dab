import type { Pod } from '../kubernetes/resources.ts'

/** A system that runs builds in pods of its own. Plain JSON. */
export interface BuildSystem {
  readonly name: string
  /** One of its pods, with its namespace. */
  readonly pod: string
  /** False: its pods get their commands from outside, so what they push is in no specification. */
  readonly searched: boolean
}

interface Signs {
  readonly name: string
  /** Beginnings of the keys of labels and annotations. */
  readonly keys: readonly string[]
  readonly searched: boolean
}

// The labels that these systems put on the pods of a build.
const systems: readonly Signs[] = [
  { name: 'Jenkins', keys: ['jenkins/', 'jenkins', 'org.csanchez.jenkins'], searched: false },
  {
    name: 'GitLab Runner',
    keys: ['job.runner.gitlab.com/', 'runner.gitlab.com/', 'manager.runner.gitlab.com/', 'project.runner.gitlab.com/'],
    searched: false,
  },
  {
    name: 'GitHub Actions',
    keys: ['actions.github.com/', 'actions-runner-controller/', 'actions-runner', 'runner-deployment-name'],
    searched: false,
  },
  { name: 'Azure Pipelines', keys: ['azure-pipelines', 'azp-agent'], searched: false },
  { name: 'TeamCity', keys: ['teamcity-agent', 'teamcity.jetbrains.com/'], searched: false },
  { name: 'Concourse', keys: ['concourse.ci/'], searched: false },
  { name: 'Bitbucket Pipelines', keys: ['runnerUuid', 'bitbucket.org/'], searched: false },
  { name: 'OpenShift Builds', keys: ['openshift.io/build'], searched: true },
  { name: 'Shipwright', keys: ['buildrun.shipwright.io/', 'build.shipwright.io/'], searched: true },
  { name: 'Tekton', keys: ['tekton.dev/taskRun', 'tekton.dev/pipelineRun'], searched: true },
  { name: 'Argo Workflows', keys: ['workflows.argoproj.io/'], searched: true },
  { name: 'Buildkite', keys: ['buildkite.com/'], searched: true },
  { name: 'kpack', keys: ['kpack.io/', 'image.kpack.io/'], searched: true },
  { name: 'Skaffold', keys: ['skaffold-kaniko', 'skaffold.dev/'], searched: true },
  { name: 'Drone', keys: ['io.drone'], searched: true },
  { name: 'Woodpecker', keys: ['woodpecker-ci.org/', 'woodpecker-ci'], searched: true },
]

/** A daemon of BuildKit in the cluster: builds reach it from anywhere, and leave no pod of their own. */
const daemon = /(?:^|\/)(?:buildkit|buildkitd)(?:[:@]|$)/

/** Which system made a pod, by its labels and annotations; undefined: none that is known. */
export function findSystem({ metadata, spec }: Pick<Pod, 'metadata' | 'spec'>): BuildSystem | undefined {
  const keys = [...Object.keys(metadata.labels), ...Object.keys(metadata.annotations)]
  const pod = `${metadata.namespace}/${metadata.name}`
  const found = systems.find((it) => it.keys.some((sign) => keys.some((key) => fits(key, sign))))
  if (found) return { name: found.name, pod, searched: found.searched }
  const serves = spec.containers.some(({ image, command, args }) => {
    const words = [...command, ...args].slice(0, 20)
    return daemon.test(image.slice(-300)) && !words.some((it) => /buildctl/.test(it.slice(0, 200)))
  })
  const byController = metadata.ownerReferences.some(({ kind }) => /^(?:ReplicaSet|StatefulSet|DaemonSet)$/.test(kind))
  return serves && byController ? { name: 'a BuildKit daemon', pod, searched: false } : undefined
}

function fits(key: string, sign: string): boolean {
  return sign.endsWith('/') || sign.includes('/') ? key.startsWith(sign) : key === sign
}

/** Each system once; one that was not searched goes before. */
export function findSystems(pods: readonly Pod[]): readonly BuildSystem[] {
  const found = new Map<string, BuildSystem>()
  for (const pod of pods) {
    const system = findSystem(pod)
    if (system && !found.has(system.name)) found.set(system.name, system)
  }
  return [...found.values()].toSorted((a, b) => Number(a.searched) - Number(b.searched))
}
