import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { imageBuilds } from '../../checks/builds.ts'
import { registryBackend } from '../../checks/cluster-registry.ts'
import { nodeImages } from '../../checks/nodes.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { repositories } from '../../checks/registry.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { type Evidence, pullCause } from '../../model.ts'
import { defaultTagMissing } from '../content/default-tag-missing.ts'
import { digestMissing } from '../content/digest-missing.ts'
import { repositoryMissing } from '../content/repository-missing.ts'
import { tagMissing } from '../content/tag-missing.ts'

/** The registry in the cluster runs, but its catalogue is empty although it had images before. */
export const registryStorageLost = pullCause({
  id: 'registry-storage-lost',
  explains: [repositoryMissing, tagMissing, defaultTagMissing, digestMissing],
  needs: {
    reference,
    backend: registryBackend,
    repositories,
    nodes: maybe(nodeImages),
    builds: maybe(imageBuilds),
    message,
    names,
  },
  explain({ reference, backend, repositories, nodes, builds, message, names }) {
    if (!reference.valid || !backend || repositories.status !== 'names' || repositories.names.length > 0)
      return undefined
    const { host } = reference.reference
    const holder = nodes.known
      ? nodes.value.find(({ images }) => images.some((image) => image.startsWith(`${host}/`)))
      : undefined
    const built = builds.known ? builds.value?.exact.find(({ state }) => state === 'succeeded') : undefined
    const before: readonly Evidence[] = [
      ...(holder
        ? [
            {
              says: text`${holder.node} still has images of it`,
              source: 'API server: images of the nodes',
              confidence: 'proven',
            } as const,
          ]
        : []),
      ...(built
        ? [
            {
              says: text`${built.kind} ${built.namespace}/${built.name} pushed to it`,
              source: 'API server: the build',
              confidence: 'proven',
            } as const,
          ]
        : []),
    ]
    if (before.length === 0) return undefined
    const inPod = backend.pods.some(({ storage }) => storage === 'pod')
    return {
      title: 'Registry lost its images',
      summary: text`The registry ${backend.namespace}/${backend.service} runs, but it is empty and was not before${inPod ? ': its images were stored in its pod and were lost with it' : ''}.`,
      confidence: 'proven',
      because: [
        {
          says: text`its catalogue is empty`,
          source: `${repositories.asked.method} ${repositories.asked.url}`,
          confidence: 'proven',
        },
        ...before,
        ...(inPod
          ? [
              {
                says: text`its pod has no persistent storage`,
                source: 'API server: volumes of its pod',
                confidence: 'proven',
              } as const,
            ]
          : []),
        ...kubeletSays(message),
      ],
      remedies: [
        { kind: 'action', title: text`First give the registry persistent storage (a PersistentVolumeClaim)` },
        {
          kind: 'action',
          title: text`Then run every build again; until then, pods that are recreated on other nodes fail`,
        },
      ],
      verify: [{ argv: ['curl', '-s', `http://${host}/v2/_catalog`] }, watchPod(names)],
      prevent: [],
    }
  },
})
