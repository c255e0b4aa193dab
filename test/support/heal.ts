import { z } from 'zod'
import type { ServedCluster } from './served-cluster.ts'

const shape = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({ replicas: z.number().default(1) }).default({ replicas: 1 }),
  status: z.looseObject({}).default({}),
})

/** The pods of a Deployment have pulled their image, and run. */
export function heal({ store }: ServedCluster, namespace: string, name: string): void {
  for (const pod of store.list('pods', namespace)) {
    const { metadata } = shape.parse(pod)
    if (metadata.labels.app === name) store.update('pods', { namespace, name: metadata.name }, running)
  }
  store.update('deployments', { namespace, name }, (object) => {
    const { spec } = shape.parse(object)
    return { ...object, status: { replicas: spec.replicas, readyReplicas: spec.replicas } }
  })
}

function running<T extends object>(pod: T): T {
  const { spec } = z
    .looseObject({
      spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string(), image: z.string() })) }),
    })
    .parse(pod)
  const startedAt = new Date().toISOString()
  return {
    ...pod,
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: spec.containers.map(({ name, image }) => ({
        name,
        image,
        ready: true,
        state: { running: { startedAt } },
      })),
    },
  }
}
