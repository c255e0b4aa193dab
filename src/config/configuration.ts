import { z } from 'zod'
import {
  clusterName,
  domain,
  duration,
  host,
  labels,
  namespace,
  namespaceOrAny,
  path,
  pattern,
  slackId,
  slackIdOrAny,
  template,
  textThat,
} from './value-forms.ts'

const cluster = z.strictObject({
  name: clusterName.describe('The name that people and alerts use.'),
  context: textThat((it) => it !== '', 'must be the name of a context')
    .optional()
    .describe('The context in the kubeconfig. Default: the current context, or the cluster that imagepull runs in.'),
  domain: domain
    .optional()
    .describe(
      'The DNS domain of its Services. Default: that of the pod, if imagepull runs in the cluster, else `cluster.local`.',
    ),
  namespaces: z
    .array(namespace)
    .default([])
    .describe('Namespaces to read. Empty: all namespaces; this needs a ClusterRoleBinding.'),
  secrets: z.enum(['none', 'read']).default('none').describe('`read`: imagepull may read pull secrets.'),
})

/** A plain word: it becomes a part of a program's name, and can be no path and no option. */
const helper = textThat(
  (it) => /^[a-z0-9][a-z0-9_-]{0,62}$/.test(it),
  'must be a plain word, such as ecr-login for docker-credential-ecr-login',
)

const registry = z
  .strictObject({
    host: host.describe('The registry host as in image names, with its port.'),
    access: z
      .enum(['auto', 'direct', 'proxy', 'exec', 'none'])
      .default('auto')
      .describe('How to reach it. `auto`: `direct`, and if that fails `proxy`, which goes through the API server.'),
    plainHttp: z.boolean().default(false).describe('The registry speaks plain HTTP, without TLS.'),
    ca: path.optional().describe('A PEM file with CA certificates to trust for this host.'),
    clientCertificate: path.optional().describe('A PEM file with the certificate that imagepull shows to this host.'),
    clientKey: path.optional().describe('A PEM file with the key of `clientCertificate`.'),
    credentialsFile: path.optional().describe('A Docker configuration file with credentials for this host.'),
    login: z
      .enum(['aws', 'google', 'azure'])
      .optional()
      .describe(
        "The cloud whose identity of imagepull's own pod or machine logs in: for ECR, Artifact Registry or ACR.",
      ),
    helper: helper
      .optional()
      .describe('A Docker credential helper that logs in: `ecr-login` runs `docker-credential-ecr-login get`.'),
    tokenHosts: z
      .array(host)
      .default([])
      .describe('Its token servers on other hosts, with their ports. They receive its logins, over TLS.'),
    mirrorOf: host.optional().describe('The registry that it mirrors.'),
  })
  .refine(({ credentialsFile, login, helper }) => [credentialsFile, login, helper].filter(Boolean).length <= 1, {
    error: 'must be the only one of credentialsFile, login and helper',
    path: ['login'],
  })
  .refine(({ clientCertificate, clientKey }) => Boolean(clientCertificate) === Boolean(clientKey), {
    error: 'must be given together with clientKey',
    path: ['clientCertificate'],
  })

/** A listed channel sees findings. It gets buttons only if `may` contains `actions`. */
const channel = z.strictObject({
  id: slackId('CGD', 'channel', 'C0123456789').describe('The id of the channel, not its name.'),
  clusters: z.array(z.string()).default(['*']).describe('Clusters that the channel may see.'),
  namespaces: z.array(namespaceOrAny).default(['*']).describe('Namespaces that the channel may see.'),
  severities: z
    .array(z.enum(['critical', 'warning', 'info']))
    .default(['critical', 'warning'])
    .describe('Severities of the alerts that are announced in it.'),
  labels: labels
    .default({})
    .describe('Only alerts with all of these labels are announced, on the alert or on the pod.'),
  may: z
    .array(z.enum(['commands', 'alerts', 'look', 'actions']))
    .default(['commands', 'alerts'])
    .describe(
      '`look`: failures found by the periodic check are announced without an alert. `actions`: threads have buttons that change the cluster.',
    ),
  shared: z
    .boolean()
    .default(false)
    .describe('imagepull may post here although the channel is shared with another organisation.'),
})

const alerts = z.strictObject({
  names: z
    .array(
      textThat((it) => it.length > 0 && it.length <= 253, 'must be the name of a rule; "*" matches any characters'),
    )
    .default([
      ...['KubeContainerWaiting', 'KubePodNotReady', 'ImagePullFailing', 'KubernetesPodNotHealthy', 'PodNotHealthy'],
      ...['KubernetesContainerWaiting', '*image*pull*', '*pull*image*'],
    ])
    .describe(
      'Names of the alert rules that imagepull reads; others are ignored. `*` matches any characters; case does not matter. The sentences of the stock rules count as their names.',
    ),
  reasons: z
    .array(z.string())
    .default([
      ...['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'ImageInspectError'],
      ...['RegistryUnavailable', 'SignatureValidationFailed'],
    ])
    .describe('An alert is also read if its label `reason` has one of these values.'),
  clusterLabel: z
    .string()
    .default('cluster')
    .describe(
      'The label that names the cluster; `external_labels` of Prometheus sets it. Other cluster labels count if their value is the name of a cluster.',
    ),
  others: z
    .enum(['leave', 'say'])
    .default('leave')
    .describe(
      'What to do with an alert whose pod has pulled its images. `leave`: ignore it. `say`: answer with one sentence that names the right playbook.',
    ),
  patterns: z.array(pattern).default([]).describe('Templates of your own alert posts: `Pod: {pod} in {namespace}`.'),
  posters: z
    .array(slackId('B', 'bot', 'B0123456789'))
    .default([])
    .describe('Bots whose alert posts are read. Empty: none.'),
})

/** What is not allowed here is denied: an empty list allows nothing. */
const permission = z.strictObject({
  action: textThat(
    (it) => /^(?:\*|[a-z][a-z-]{0,60})$/.test(it),
    'must be the name of an action, such as rerun-build, or "*" for any',
  ).describe('The name of an action, or `*` for all.'),
  clusters: z.array(z.string()).default([]).describe('Names of clusters, or `*` for all.'),
  namespaces: z.array(namespaceOrAny).default([]).describe('Names of namespaces, or `*` for all.'),
  groups: z
    .array(slackIdOrAny('S', 'user group', 'S0123456789'))
    .default([])
    .describe('User groups whose members may press the button.'),
  users: z
    .array(slackIdOrAny('UW', 'user', 'U0123456789'))
    .default([])
    .describe('Users who may press the button.'),
})

const gitops = z.strictObject({
  directory: path.optional().describe('A Git checkout to read. Without it, remedies name files but show no diff.'),
  workload: template
    .default('apps/{namespace}/{name}-deployment.yaml')
    .describe('The path of the manifest of a workload, below the directory.'),
  builds: z
    .array(template)
    .default(['apps/{namespace}/*-build*.yaml', 'apps/{namespace}/*-kaniko*.yaml'])
    .describe('Paths of the manifests of build Jobs, below the directory.'),
})

const incidents = z.strictObject({
  grace: duration({ least: '0s', most: '1h' })
    .prefault('60s')
    .describe('How long a pull may fail before it is announced. Failures that recover before are not announced.'),
  join: duration({ least: '0s', most: '7d' })
    .prefault('30m')
    .describe('A failure that comes back within this time continues its old incident.'),
  // More often than every 10 s, it would only add load.
  look: duration({ least: '10s', most: '1d' }).prefault('5m').describe('How often each cluster is checked.'),
  keep: duration({ least: '1h', most: '3650d' }).prefault('30d').describe('How long incidents are kept.'),
})

const escalation = z.strictObject({
  group: slackId('S', 'user group', 'S0123456789').optional().describe('The user group that *Escalate* mentions.'),
  registryRestarts: z
    .int()
    .min(1)
    .max(1_000)
    .default(3)
    .describe('After so many restarts of a registry, imagepull suggests to escalate instead.'),
})

/** The pod of *Test from node*. It uses the node's network, so it runs in a namespace of its own. */
const testFromNode = z
  .strictObject({
    enabled: z.boolean().default(false).describe('A short-lived pod may test the connection from a node.'),
    image: textThat(
      (it) => /^[\w./:-]{1,500}@sha256:[0-9a-f]{64}$/.test(it),
      'must be an image with its digest, such as ghcr.io/acme/imagepull@sha256:…',
    )
      .optional()
      .describe('The image of imagepull, with its digest.'),
    namespace: namespace.default('imagepull-probe').describe('The namespace from `deploy/probe-namespace.yaml`.'),
  })
  .refine(({ enabled, image }) => !enabled || image !== undefined, {
    error: 'must name an image to be enabled',
    path: ['image'],
  })

const actions = z.strictObject({
  restartWindow: duration({ least: '10m', most: '30d' })
    .prefault('24h')
    .describe('The time in which `escalation.registryRestarts` restarts are counted.'),
  testFromNode: testFromNode.prefault({}),
})

/** The whole file. Durations become milliseconds. Every default allows less rather than more. */
export const configurationSchema = z.strictObject({
  clusters: z
    .array(cluster)
    .default([])
    .describe("Clusters to read. Empty: the kubeconfig's current context, or the cluster that imagepull runs in."),
  registries: z
    .array(registry)
    .default([])
    .describe('Registries that `start` may contact, in addition to Docker Hub, GHCR and registries in the cluster.'),
  channels: z
    .array(channel)
    .default([])
    .describe('Channels in which imagepull may be asked and may post. Empty: none.'),
  workspaces: z
    .array(slackId('TE', 'workspace', 'T0123456789'))
    .default([])
    .describe("Workspaces whose members may use imagepull. Empty: the workspace of the bot's token."),
  alerts: alerts.prefault({}),
  permissions: z.array(permission).default([]).describe('Who may press which button. Everything else is denied.'),
  gitops: gitops.prefault({}),
  incidents: incidents.prefault({}),
  escalation: escalation.prefault({}),
  actions: actions.prefault({}),
})

export type Configuration = z.infer<typeof configurationSchema>
