/** A Deployment of the team. */
export interface Workload {
  readonly namespace: string
  readonly name: string
  readonly image: string
  readonly replicas?: number
  /** More fields of the pod's spec, as JSON. */
  readonly pod?: object
  readonly container?: object
}

/** Writes a Deployment with a Service. */
export function deployment({ namespace, name, image, replicas = 1, pod = {}, container = {} }: Workload): string {
  const labels = { app: name }
  const probe = { readinessProbe: { httpGet: { path: '/healthz', port: 8080 } } }
  const containers = [{ name: 'main', image, ports: [{ containerPort: 8080 }], ...probe, ...container }]
  return documents(
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace, name, labels },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { ...pod, containers } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace, name, labels },
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    },
  )
}

/** Writes the patch of a rollout. */
export function newImage(namespace: string, name: string, image: string): string {
  const spec = { template: { spec: { containers: [{ name: 'main', image }] } } }
  return documents({ kind: 'Deployment', metadata: { namespace, name }, spec })
}

export function namespace(name: string): string {
  return documents({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}

export function replicas(namespace: string, name: string, count: number): string {
  return documents({ kind: 'Deployment', metadata: { namespace, name }, spec: { replicas: count } })
}

export interface BuildJob {
  readonly namespace: string
  readonly name: string
  /** `https://git.acme.io/shop/cart/archive/main.tar.gz` */
  readonly context: string
  readonly destination: string
  readonly pod?: object
}

/** A Kaniko Job, as the playbook's team runs them. */
export function buildJob({ namespace, name, context, destination, pod = {} }: BuildJob): string {
  const args = [`--context=${context}`, '--dockerfile=Dockerfile', `--destination=${destination}`, '--insecure']
  const container = { name: 'kaniko', image: 'gcr.io/kaniko-project/executor:v1.24.0', args }
  const labels = { app: name }
  return documents({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace, name, labels },
    spec: {
      backoffLimit: 0,
      template: { metadata: { labels }, spec: { restartPolicy: 'Never', ...pod, containers: [container] } },
    },
  })
}

/** Writes a pull secret as `kubectl create secret docker-registry` does. */
export function pullSecret(namespace: string, name: string, host: string, username: string, password: string): string {
  const auth = Buffer.from(`${username}:${password}`).toString('base64')
  const config = { auths: { [host]: { username, password, auth } } }
  const data = { '.dockerconfigjson': Buffer.from(JSON.stringify(config)).toString('base64') }
  const metadata = { namespace, name }
  return documents({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/dockerconfigjson', data })
}

function documents(...objects: readonly object[]): string {
  return objects.map((it) => JSON.stringify(it)).join('\n---\n')
}
