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
/** Calls of one template of Argo Workflows that are read. */
const callsRead = 50

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
  const inTasks = pipelineTasks(spec, given, objects)
  const task = taskOf(spec, objects)
  if (task) return [stepsOf(task, given), ...inTasks]
  return Array.isArray(spec.steps) ? [stepsOf(spec, given), ...inTasks] : inTasks
}

/** The tasks of a Pipeline, or of the one that a PipelineRun holds or refers to. */
function pipelineTasks(
  spec: Fields,
  given: ReadonlyMap<string, string>,
  objects: readonly unknown[],
): readonly TemplateFound[] {
  const pipeline = spec.pipelineSpec ?? referred('Pipeline', spec.pipelineRef, objects) ?? spec
  const { params, tasks, finally: last } = rawFields.of(pipeline)
  const known = new Map([...valuesOf(params, 'params'), ...given])
  return [...rawFields.list(tasks), ...rawFields.list(last)].flatMap((task) => {
    const taskSpec = taskOf(task, objects)
    // A task that is referred to knows its own parameters alone; one that is written out knows those of the pipeline, too.
    const own = valuesOf(task.params, 'params', known)
    return taskSpec ? [stepsOf(taskSpec, task.taskRef ? own : new Map([...known, ...own]))] : []
  })
}

/** The task that a TaskRun or a task of a Pipeline holds, or refers to among the objects. */
function taskOf({ taskSpec, taskRef }: Fields, objects: readonly unknown[]): Fields | undefined {
  const found = rawFields.of(taskSpec ?? referred('Task', taskRef, objects))
  return Array.isArray(found.steps) ? found : undefined
}

function referred(kind: 'Task' | 'Pipeline', reference: unknown, objects: readonly unknown[]): unknown {
  const name = rawFields.text(rawFields.at(reference, 'name'))
  const kinds = [kind, `Cluster${kind}`]
  const found = objects.find(
    (it) =>
      name !== '' &&
      kinds.includes(rawFields.text(rawFields.at(it, 'kind'))) &&
      rawFields.at(it, 'metadata', 'name') === name,
  )
  return rawFields.at(found, 'spec')
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
  const templates = rawFields.list(workflow.templates)
  const calls = templates.flatMap((it) => callsOf(it, global))
  return templates.flatMap((template) => {
    const inputs = rawFields.at(template, 'inputs', 'parameters')
    const own = valuesOf(inputs, 'inputs.parameters')
    const toThis = calls.filter((call) => call.template === template.name)
    const given = toThis.slice(0, callsRead).map((call) => call.given)
    const script = rawFields.of(template.script)
    const source = rawFields.text(script.source)
    const containers = [
      ...(template.container ? [{ name: 'main', ...rawFields.of(template.container) }] : []),
      ...(source ? [{ name: 'main', ...script, command: ['sh', '-c', source] }] : []),
      ...rawFields.list(rawFields.at(template, 'containerSet', 'containers')),
    ]
    const initContainers = template.initContainers ?? []
    const spec = { containers, initContainers, volumes: workflow.volumes }
    return (given.length > 0 ? given : [none]).map((passed) => ({
      template: { spec },
      parameters: new Map([...global, ...own, ...passed]),
    }))
  })
}

interface TemplateCall {
  readonly template: unknown
  readonly given: ReadonlyMap<string, string>
}

/** What a template calls, and with which arguments: the tasks of a DAG, and steps, which stand in lists of lists. */
function callsOf(caller: Fields, global: ReadonlyMap<string, string>): readonly TemplateCall[] {
  const inputs = valuesOf(rawFields.at(caller, 'inputs', 'parameters'), 'inputs.parameters')
  const known = new Map([...global, ...inputs])
  const steps = Array.isArray(caller.steps) ? caller.steps.flat() : []
  const calls = [...rawFields.list(rawFields.at(caller, 'dag', 'tasks')), ...rawFields.list(steps)]
  return calls.flatMap((call) => {
    const items: readonly unknown[] = Array.isArray(call.withItems) ? call.withItems.slice(0, callsRead) : [undefined]
    return items.map((item) => ({
      template: call.template,
      given: valuesOf(
        rawFields.at(call, 'arguments', 'parameters'),
        'inputs.parameters',
        new Map([...known, ...valuesOfItem(item)]),
      ),
    }))
  })
}

/** `{{item}}` of `withItems`, and `{{item.key}}` of an item with keys. */
function valuesOfItem(item: unknown): readonly (readonly [string, string])[] {
  if (typeof item === 'string' || typeof item === 'number') return [['item', String(item)]]
  return Object.entries(rawFields.of(item)).flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[`item.${key}`, String(value)] as const] : [],
  )
}

/**
 * `params: [{ name, value }]` and `[{ name, default }]`, by `prefix.name`. Only texts and numbers have a value here. One that
 * names a parameter of the run stays as it is written: a default does not take its place.
 */
function valuesOf(
  list: unknown,
  prefix: string,
  known: ReadonlyMap<string, string> = none,
): ReadonlyMap<string, string> {
  const pairs = rawFields.list(list).flatMap(({ name, value, default: usual }) => {
    const given = value ?? usual
    const text = typeof given === 'number' || typeof given === 'boolean' ? String(given) : given
    return typeof text === 'string' ? [[`${prefix}.${rawFields.text(name)}`, filledIn(text, known)] as const] : []
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

/** Tekton's `$(params.X)` and Argo's `{{inputs.parameters.X}}`. */
export function filledIn(text: string, parameters: ReadonlyMap<string, string>): string {
  const tekton = text.replace(
    /\$\((?:inputs\.)?(params\.[\w.-]{1,200})\)/g,
    (whole, name: string) => parameters.get(name) ?? whole,
  )
  return tekton.replace(
    /\{\{=?\s{0,5}([\w.-]{1,200})\s{0,5}\}\}/g,
    (whole, name: string) => parameters.get(name) ?? whole,
  )
}
