import { rawFields } from '../kubernetes/cluster-client.ts'
import { isOpen, type RecognisedBuild } from './recognise.ts'
import type { BuildTool } from './tools/pushed.ts'

/** A pod template in an object, as it is written, and the parameters that it may name. */
export interface TemplateFound {
  readonly template: unknown
  readonly parameters: ReadonlyMap<string, string>
}

type Fields = ReturnType<typeof rawFields.of>

/** Kinds whose pods serve. */
const serving: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
])
const none: ReadonlyMap<string, string> = new Map()

/** Every pod template of an object that may build: of Jobs, CronJobs and pods, of Tekton and of Argo Workflows. */
export function findTemplates(object: unknown, objects: readonly unknown[]): readonly TemplateFound[] {
  const { kind, spec } = rawFields.of(object)
  const group = rawFields.text(rawFields.at(object, 'apiVersion')).split('/')[0] ?? ''
  if (serving.has(rawFields.text(kind))) return []
  if (group === 'tekton.dev') return tektonTemplates(object, objects)
  if (group === 'argoproj.io') return argoTemplates(rawFields.of(spec))
  const template = rawFields.at(spec, 'jobTemplate', 'spec', 'template') ?? rawFields.at(spec, 'template')
  if (template !== undefined && Array.isArray(rawFields.at(template, 'spec', 'containers')))
    return [{ template, parameters: none }]
  if (!Array.isArray(rawFields.at(spec, 'containers'))) return []
  const { labels, annotations } = rawFields.of(rawFields.at(object, 'metadata'))
  return [{ template: { metadata: { labels, annotations }, spec }, parameters: none }]
}

function tektonTemplates(object: unknown, objects: readonly unknown[]): readonly TemplateFound[] {
  const spec = rawFields.of(rawFields.at(object, 'spec'))
  const given = valuesOf(spec.params, 'params')
  const tasks = [
    ...rawFields.list(spec.tasks),
    ...rawFields.list(rawFields.at(spec, 'pipelineSpec', 'tasks')),
    ...rawFields.list(spec.finally),
  ]
  const defaults = valuesOf(rawFields.at(spec, 'pipelineSpec', 'params'), 'params')
  const inTasks = tasks.flatMap((task) => {
    const own = new Map([...defaults, ...given, ...valuesOf(task.params, 'params')])
    const taskSpec = rawFields.of(task.taskSpec)
    return Array.isArray(taskSpec.steps) ? [stepsOf(taskSpec, own)] : []
  })
  const taskSpec = rawFields.of(spec.taskSpec)
  if (Array.isArray(taskSpec.steps)) return [stepsOf(taskSpec, given), ...inTasks]
  const referred = rawFields.text(rawFields.at(spec, 'taskRef', 'name'))
  const task = objects.find(
    (it) => referred !== '' && rawFields.at(it, 'kind') === 'Task' && rawFields.at(it, 'metadata', 'name') === referred,
  )
  if (task) return [stepsOf(rawFields.of(rawFields.at(task, 'spec')), given), ...inTasks]
  return Array.isArray(spec.steps) ? [stepsOf(spec, given), ...inTasks] : inTasks
}

/** https://tekton.dev/docs/pipelines/tasks/#defining-steps: a step is a container, or a script. */
function stepsOf(task: Fields, given: ReadonlyMap<string, string>): TemplateFound {
  const common = rawFields.of(task.stepTemplate)
  const containers = rawFields.list(task.steps).map((step, index) => {
    const script = rawFields.text(step.script)
    const env = [...rawFields.list(common.env), ...rawFields.list(step.env)]
    const name = `step-${rawFields.text(step.name) || `unnamed-${index}`}`
    return { ...step, env, name, ...(script && { command: ['sh', '-c', script], args: step.args ?? [] }) }
  })
  const parameters = new Map([...valuesOf(task.params, 'params'), ...given])
  return { template: { spec: { containers, volumes: task.volumes } }, parameters }
}

function argoTemplates(spec: Fields): readonly TemplateFound[] {
  const workflow = rawFields.of(spec.workflowSpec ?? spec)
  const global = valuesOf(rawFields.at(workflow, 'arguments', 'parameters'), 'workflow.parameters')
  return rawFields.list(workflow.templates).map((template) => {
    const own = valuesOf(rawFields.at(template, 'inputs', 'parameters'), 'inputs.parameters')
    const script = rawFields.of(template.script)
    const source = rawFields.text(script.source)
    const containers = [
      ...(template.container ? [{ name: 'main', ...rawFields.of(template.container) }] : []),
      ...(source ? [{ name: 'main', ...script, command: ['sh', '-c', source] }] : []),
      ...rawFields.list(rawFields.at(template, 'containerSet', 'containers')),
    ]
    const initContainers = template.initContainers ?? []
    return {
      template: { spec: { containers, initContainers, volumes: workflow.volumes } },
      parameters: new Map([...global, ...own]),
    }
  })
}

/** `params: [{ name, value }]` and `[{ name, default }]`. Only texts and numbers have a value here. */
function valuesOf(list: unknown, prefix: string): ReadonlyMap<string, string> {
  const pairs = rawFields.list(list).flatMap(({ name, value, default: usual }) => {
    const given = value ?? usual
    const text = typeof given === 'number' || typeof given === 'boolean' ? String(given) : given
    // A value that is a parameter itself is known to the run.
    return typeof text === 'string' && !/\$\(|\{\{/.test(text)
      ? [[`${prefix}.${rawFields.text(name)}`, text] as const]
      : []
  })
  return new Map(pairs)
}

/** What resources of build systems state themselves: OpenShift's, Shipwright's and kpack's. */
export function statedBuilds(object: unknown): readonly RecognisedBuild[] {
  const { apiVersion, kind, spec, metadata } = rawFields.of(object)
  const group = rawFields.text(apiVersion).split('/')[0]
  if (group === 'build.openshift.io')
    return openShift(rawFields.of(spec), rawFields.text(rawFields.at(metadata, 'namespace')))
  if (group === 'shipwright.io') {
    const image =
      rawFields.text(rawFields.at(spec, 'output', 'image')) ||
      rawFields.text(rawFields.at(spec, 'build', 'spec', 'output', 'image'))
    const strategy =
      rawFields.text(rawFields.at(spec, 'strategy', 'name')) ||
      rawFields.text(rawFields.at(spec, 'build', 'spec', 'strategy', 'name'))
    return image ? [stated('step-build-and-push', toolOf(strategy), [image])] : []
  }
  if (group === 'kpack.io' && (kind === 'Image' || kind === 'Build')) {
    const fields = rawFields.of(spec)
    const tags = [
      fields.tag,
      ...(Array.isArray(fields.tags) ? fields.tags : []),
      ...(Array.isArray(fields.additionalTags) ? fields.additionalTags : []),
    ]
    const names = tags.map(rawFields.text).filter(Boolean)
    return names.length > 0 ? [stated('export', 'buildpacks', names)] : []
  }
  return []
}

function openShift(spec: Fields, namespace: string): readonly RecognisedBuild[] {
  const to = rawFields.of(rawFields.at(spec, 'output', 'to'))
  const name = rawFields.text(to.name)
  if (!name) return []
  const own = rawFields.text(to.namespace) || namespace || '$(namespace)'
  const image = to.kind === 'DockerImage' ? name : `image-registry.openshift-image-registry.svc:5000/${own}/${name}`
  const strategy = rawFields.of(spec.strategy)
  const container = strategy.sourceStrategy ? 'sti-build' : strategy.customStrategy ? 'custom-build' : 'docker-build'
  return [stated(container, 'openshift', [image])]
}

function stated(container: string, tool: BuildTool, destinations: readonly string[]): RecognisedBuild {
  return { container, tool, destinations, open: destinations.some(isOpen), noPush: false }
}

function toolOf(strategy: string): BuildTool {
  const known: readonly BuildTool[] = ['kaniko', 'buildah', 'buildkit', 'buildpacks', 'ko', 'openshift']
  return known.find((it) => strategy.startsWith(it)) ?? (strategy.startsWith('source-to-image') ? 'openshift' : 'other')
}
