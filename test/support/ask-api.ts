import { apiServerInMemory } from '../../src/simulator/cluster/api/server.ts'
import type { ApiServerOptions } from '../../src/simulator/cluster/api/store.ts'

const manifests = `
kind: Namespace
metadata: { name: shop }
---
kind: Namespace
metadata: { name: blog }
---
kind: ServiceAccount
metadata: { name: default, namespace: shop }
imagePullSecrets: [{ name: regcred }]
---
kind: Deployment
metadata: { name: web, namespace: shop, uid: web, resourceVersion: "7", generation: 1 }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      imagePullSecrets: [{ name: one }]
      containers:
        - { name: main, image: "web:1", env: [{ name: A, value: a }] }
        - { name: side, image: "side:1" }
status: { readyReplicas: 2 }
---
kind: ReplicaSet
metadata: { name: web-1, namespace: shop, ownerReferences: [{ kind: Deployment, name: web, uid: web }] }
---
kind: Job
metadata: { name: build, namespace: shop, uid: build }
spec:
  completions: 1
  selector: { matchLabels: { batch.kubernetes.io/controller-uid: build } }
  template: { spec: { restartPolicy: Never, containers: [{ name: kaniko }] } }
---
kind: Pod
metadata: { name: build-x, namespace: shop, uid: build-x, ownerReferences: [{ kind: Job, name: build, uid: build }] }
spec: { nodeName: node-1, containers: [{ name: kaniko, image: "a:1" }] }
---
kind: Secret
metadata: { name: regcred, namespace: shop }
type: kubernetes.io/dockerconfigjson
data: {}
---
kind: Service
metadata: { name: registry, namespace: shop }
spec: { clusterIP: 10.43.170.72, ports: [{ name: http, port: 5000 }] }
`

/** That server, and a way to ask it with JSON. */
export function askApi(options: ApiServerOptions = {}) {
  const { handle, store } = apiServerInMemory(manifests, options)
  const ask = async (method: string, path: string, body?: unknown, contentType = 'application/json') => {
    const headers = { 'content-type': contentType, 'user-agent': 'imagepull/0.1' }
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await handle({ method, path, headers, body: text })
    return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body) }
  }
  return { ask, store, handle }
}
