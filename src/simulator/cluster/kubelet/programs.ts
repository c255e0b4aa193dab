import { once } from 'node:events'
import { recogniseBuilds } from '../../../builds/recognise.ts'
import type { Pod } from '../../../kubernetes/resources.ts'
import { listen } from '../../listen.ts'
import { registryListener, sampleRegistry } from '../../registry/server.ts'
import { kanikoProgram } from '../kaniko/program.ts'
import type { Program, ProgramContext } from './node.ts'

/** The image label that selects the program. */
const programLabel = 'imagepull.dev/program'

/** The programs of the sample's images. */
const programs = { serve, crash, registry, foreign } satisfies Readonly<Record<string, Program>>

/** Runs until it is stopped. */
async function serve({ signal }: Parameters<Program>[0]): Promise<number> {
  if (!signal.aborted) await once(signal, 'abort')
  return 0
}

/** Ends with the log and exit code of its labels. */
async function crash({ image: { labels }, node, log, signal }: Parameters<Program>[0]): Promise<number> {
  await node.clock.sleep(1_000, signal).catch(() => undefined)
  for (const line of (labels['imagepull.dev/log'] ?? '').split('\n')) log(line)
  return Number(labels['imagepull.dev/exit-code'] ?? 1)
}

/** Runs a registry whose storage is the pod's claim, or the pod itself. */
async function registry({ node, pod, podIp, container, log, signal }: Parameters<Program>[0]): Promise<number> {
  const key = storageKey(pod)
  const server = await listen(registryListener(sampleRegistry(node.volumes.of(key))))
  const ports = container.ports.length > 0 ? container.ports.map(({ containerPort }) => containerPort) : [5_000]
  for (const port of ports) node.network.attach(podIp, port, server.port)
  log(`time="${new Date(node.clock.now()).toISOString()}" level=info msg="listening on [::]:${ports[0]}"`)
  if (!signal.aborted) await once(signal, 'abort')
  for (const port of ports) node.network.detach(podIp, port)
  await server.close()
  if (key === pod.metadata.uid) node.volumes.drop(key)
  return 0
}

function storageKey({ metadata, spec }: Pod): string {
  const claim = spec.volumes.find((volume) => volume.persistentVolumeClaim)?.persistentVolumeClaim
  return claim ? `${metadata.namespace}/${claim.claimName}` : metadata.uid
}

/** Fails, because the image is for another processor. */
async function foreign({ log }: Parameters<Program>[0]): Promise<number> {
  log('exec /bin/main: exec format error')
  return 1
}

/** Chooses the program of a container: Kaniko if its arguments build an image, else by the image's label. */
export function chooseProgram({
  container,
  image,
  node,
}: Pick<ProgramContext, 'container' | 'image' | 'node'>): Program {
  if (image.architecture && image.architecture !== node.puller.architecture) return programs.foreign
  const [build] = recogniseBuilds({ initContainers: [], containers: [container] }).builds
  if (build?.tool === 'kaniko') return kanikoProgram
  const wanted = image.labels[programLabel] ?? ''
  return isProgram(wanted) ? programs[wanted] : programs.serve
}

function isProgram(name: string): name is keyof typeof programs {
  return Object.hasOwn(programs, name)
}
