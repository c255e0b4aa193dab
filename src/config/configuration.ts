import { z } from 'zod'

// Every `error` completes the sentence "is …: it …". What has none gets one from must-be.ts.
// Repetitions are bounded and do not overlap, so that each expression is linear.

const milliseconds: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const allowed = 'a number and its unit, such as 30s, 5m, 12h or 30d'

function textThat(fits: (text: string) => boolean, error: string) {
  return z.string({ error }).refine(fits, { error })
}

function isNamespace(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)
}

const clusterName = textThat((it) => /^[^\s\p{C}]{1,253}$/u.test(it), 'must be a name without blanks')
const namespace = textThat(isNamespace, 'must be the name of a namespace (for all of them leave the list empty)')
const namespaceOrAny = textThat(
  (it) => it === '*' || isNamespace(it),
  'must be the name of a namespace, or "*" for any',
)
const path = textThat((it) => /^[^\p{C}]{1,4096}$/u.test(it), 'must be a path')
const host = textThat(
  (it) => /^(?:[a-z0-9][a-z0-9.-]{0,252}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/.test(it),
  'must be a host as images name it, in lower case, with its port but without https:// and path',
)

/** https://docs.slack.dev/reference: the first letter tells what an id is of. */
function slackId(letters: string, of: string, example: string) {
  return textThat((it) => isSlackId(letters, it), `must be the id of a ${of}, such as ${example}`)
}

function slackIdOrAny(letters: string, of: string, example: string) {
  const error = `must be the id of a ${of}, such as ${example}, or "*" for any`
  return textThat((it) => it === '*' || isSlackId(letters, it), error)
}

function isSlackId(letters: string, text: string): boolean {
  return letters.includes(text.charAt(0)) && /^[A-Z][A-Z0-9]{7,30}$/.test(text)
}

/** Steps of a path: only the names are filled in, and a star stays within its step. */
const template = textThat(
  (it) => it.length <= 1_024 && it.split('/').every(isStep),
  'must be a path below the directory, of letters, digits, ". _ - *", {namespace} and {name}, without ".." and "**"',
)

function isStep(text: string): boolean {
  return /^(?:[\w.*-]|\{namespace\}|\{name\}){1,255}$/.test(text) && !/^\.{1,2}$|\*\*/.test(text)
}

const cluster = z.strictObject({
  name: clusterName.describe('How people and alerts call it.'),
  context: textThat((it) => it !== '', 'must be the name of a context')
    .optional()
    .describe('Of the kubeconfig. Absent: its current one, or the cluster that this runs in.'),
  namespaces: z.array(namespace).default([]).describe('None: all of them, which needs a ClusterRole.'),
  secrets: z.enum(['none', 'read']).default('none').describe('Whether pull secrets may be read.'),
})

const registry = z.strictObject({
  host: host.describe('As images name it, with its port.'),
  access: z
    .enum(['auto', 'direct', 'proxy', 'exec', 'none'])
    .default('auto')
    .describe('The way to it: `auto` is `direct`, and where that fails `proxy`, through the API server.'),
  plainHttp: z.boolean().default(false).describe('Whether it is asked without TLS.'),
  ca: path.optional().describe("Certificates in PEM that this host's own is signed with."),
  credentialsFile: path.optional().describe("A Docker configuration with this host's login."),
  mirrorOf: host.optional().describe('The registry that it is a copy of.'),
})

/** One alert rule's label, or a pod's: `team: payments`. */
const labels = z.record(
  textThat((it) => /^[A-Za-z_][\w./-]{0,252}$/.test(it), 'must be the name of a label'),
  z.string(),
)

/** Listing a channel shows it the findings; actions are given to it by name. */
const channel = z.strictObject({
  id: slackId('CGD', 'channel', 'C0123456789').describe('Of the channel, not its name.'),
  clusters: z.array(z.string()).default(['*']).describe('What it may know of.'),
  namespaces: z.array(namespaceOrAny).default(['*']).describe('What it may know of.'),
  severities: z
    .array(z.enum(['critical', 'warning', 'info']))
    .default(['critical', 'warning'])
    .describe('Of the alerts that it is told of.'),
  labels: labels.default({}).describe('Of what it is told of: all of them must be there, on the alert or on the pod.'),
  may: z
    .array(z.enum(['commands', 'alerts', 'look', 'actions']))
    .default(['commands', 'alerts'])
    .describe('`look`: it is told of what the periodic look finds, without any alert. `actions`: it has buttons.'),
  shared: z.boolean().default(false).describe('Whether it is posted to although another organisation reads it.'),
})

/** Words of a post, and what stands between them: `Pod: {pod}`. Each name in braces once, with a word between two of them. */
const pattern = textThat(
  isPattern,
  'must be words of a post with {pod} or {namespace} in them, and {cluster} if it stands there: each once, with a word or a sign between two of them',
)

function isPattern(text: string): boolean {
  const names = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name)
  const known = names.every((it) => it === 'pod' || it === 'namespace' || it === 'cluster')
  const left = text.replaceAll(/\{(?:pod|namespace|cluster)\}/g, ' ')
  const once = new Set(names).size === names.length
  const hasName = names.includes('pod') || names.includes('namespace')
  return text.length <= 200 && known && once && hasName && !left.includes('{') && !/\}\{/.test(text)
}

const alerts = z.strictObject({
  names: z
    .array(textThat((it) => it.length > 0 && it.length <= 253, 'must be the name of a rule, with "*" for any letters'))
    .default([
      ...['KubeContainerWaiting', 'KubePodNotReady', 'ImagePullFailing', 'KubernetesPodNotHealthy', 'PodNotHealthy'],
      ...['KubernetesContainerWaiting', '*image*pull*', '*pull*image*'],
    ])
    .describe(
      'Of the rules whose alerts are read. Others are left alone. With `*` for any letters, in capitals or not. The sentences of the stock rules count as their names.',
    ),
  reasons: z
    .array(z.string())
    .default([
      ...['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'ImageInspectError'],
      ...['RegistryUnavailable', 'SignatureValidationFailed'],
    ])
    .describe("Values of an alert's label `reason` that count as a rule's name does."),
  clusterLabel: z
    .string()
    .default('cluster')
    .describe(
      'The label that names the cluster, as `external_labels` of its Prometheus set it. Other labels of clusters count where their value is the name of a cluster.',
    ),
  others: z
    .enum(['leave', 'say'])
    .default('leave')
    .describe(
      'What becomes of an alert whose pod has pulled its images: nothing, or a sentence that names its playbook.',
    ),
  patterns: z
    .array(pattern)
    .default([])
    .describe('How alert posts are worded, where they are by a template of your own: `Pod: {pod} in {namespace}`.'),
  posters: z
    .array(slackId('B', 'bot', 'B0123456789'))
    .default([])
    .describe('Bots whose alert posts are read. None: of no one.'),
})

/** What is not allowed here is denied: an empty list allows nothing. */
const permission = z.strictObject({
  action: textThat(
    (it) => /^(?:\*|[a-z][a-z-]{0,60})$/.test(it),
    'must be the name of an action, such as rerun-build, or "*" for any',
  ).describe('Which, by name, or `*`.'),
  clusters: z.array(z.string()).default([]).describe('Where, or `*`.'),
  namespaces: z.array(namespaceOrAny).default([]).describe('Where, or `*`.'),
  groups: z
    .array(slackIdOrAny('S', 'user group', 'S0123456789'))
    .default([])
    .describe('User groups whose members may.'),
  users: z
    .array(slackIdOrAny('UW', 'user', 'U0123456789'))
    .default([])
    .describe('People who may.'),
})

const gitops = z.strictObject({
  directory: path.optional().describe('A checkout to read. Absent: files are only named, and no diff is shown.'),
  workload: template.default('apps/{namespace}/{name}-deployment.yaml').describe("A workload's file in it."),
  builds: z
    .array(template)
    .default(['apps/{namespace}/*-build*.yaml', 'apps/{namespace}/*-kaniko*.yaml'])
    .describe('Where manifests of build Jobs are.'),
})

const incidents = z.strictObject({
  grace: duration({ least: '0s', most: '1h' })
    .prefault('60s')
    .describe('How long a pull may fail before anybody is told unasked: what heals meanwhile is never told.'),
  join: duration({ least: '0s', most: '7d' })
    .prefault('30m')
    .describe('How long after its end an incident that happens again is the same one.'),
  // Below 10 s it would be load, and not news.
  look: duration({ least: '10s', most: '1d' }).prefault('5m').describe('How often each cluster is looked at.'),
  keep: duration({ least: '1h', most: '3650d' }).prefault('30d').describe('How long incidents are kept.'),
})

const escalation = z.strictObject({
  group: slackId('S', 'user group', 'S0123456789').optional().describe('The user group that Escalate calls.'),
  registryRestarts: z
    .int()
    .min(1)
    .max(1_000)
    .default(3)
    .describe('A registry that restarted so often is not repaired by another restart.'),
})

/** The pod that looks from a node: in a namespace of its own, which allows pods with the node's network. */
const testFromNode = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether a short-lived pod may look from the node.'),
    image: textThat(
      (it) => /^[\w./:-]{1,500}@sha256:[0-9a-f]{64}$/.test(it),
      'must be an image with its digest, such as ghcr.io/acme/imagepull@sha256:…',
    )
      .optional()
      .describe("imagepull's own, by its digest."),
    namespace: namespace.default('imagepull-probe').describe('Of `deploy/probe-namespace.yaml`.'),
  })
  .refine(({ enabled, image }) => !enabled || image !== undefined, {
    error: 'must name an image to be enabled',
    path: ['image'],
  })

const actions = z.strictObject({
  restartWindow: duration({ least: '10m', most: '30d' })
    .prefault('24h')
    .describe('In which `escalation.registryRestarts` restarts of a registry by imagepull are the most.'),
  testFromNode: testFromNode.prefault({}),
})

/** The whole file. Durations are milliseconds once read; what is left out has a default that allows less, not more. */
export const configurationSchema = z.strictObject({
  clusters: z
    .array(cluster)
    .default([])
    .describe("None: the kubeconfig's current context, or the cluster that this runs in."),
  registries: z
    .array(registry)
    .default([])
    .describe('Whom `start` may contact, beside Docker Hub, GHCR and registries that run in the cluster.'),
  channels: z.array(channel).default([]).describe('Where it may be asked, and what it posts to. None: nowhere.'),
  workspaces: z
    .array(slackId('TE', 'workspace', 'T0123456789'))
    .default([])
    .describe("Workspaces whose members may use it. None: the one that the bot's token is of."),
  alerts: alerts.prefault({}),
  permissions: z.array(permission).default([]).describe('Who may press which button. What is not here is denied.'),
  gitops: gitops.prefault({}),
  incidents: incidents.prefault({}),
  escalation: escalation.prefault({}),
  actions: actions.prefault({}),
})

export type Configuration = z.infer<typeof configurationSchema>

/** What `permissions` may name, beside "*" for any. */
export const actionNames = [
  'delete-stuck-pod',
  'delete-stuck-pods',
  'rerun-build',
  'create-build',
  'propose-build',
  'restart-registry',
  'roll-back',
  'test-from-node',
  'escalate',
  'mute',
] as const

/** `30m`, read into milliseconds. Both limits are durations themselves and are allowed. */
export function duration({ least, most }: { readonly least: string; readonly most: string }) {
  const error = `must be ${allowed}, from ${least} to ${most}`
  const range = { least: inMilliseconds(least) ?? 0, most: inMilliseconds(most) ?? Number.POSITIVE_INFINITY }
  return z.string({ error }).transform((text, context) => {
    const value = inMilliseconds(text)
    if (value !== undefined && value >= range.least && value <= range.most) return value
    context.addIssue({ code: 'custom', message: error, input: text })
    return z.NEVER
  })
}

function inMilliseconds(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const each = milliseconds[unit]
  return each === undefined ? undefined : Number(count) * each
}

const types: Readonly<Record<string, string>> = {
  object: 'keys with values',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

/** "must be a list": what is allowed, where the schema has no sentence of its own. zod asks it for each issue. */
export function mustBe(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return `must be ${types[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  return undefined
}
