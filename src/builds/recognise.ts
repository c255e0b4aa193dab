import type { Container, Pod } from '../kubernetes/resources.ts'
import { readCommands, type ScriptSources, toProgramName } from './container/commands.ts'
import { type ConfigMaps, type PodFacts, readVariables, type Variables } from './container/variables.ts'
import type { ShellCommand } from './shell/script.ts'
import { WordBudget } from './shell/word-budget.ts'
import { buildctl, kaniko, ko, lifecycle, looksLikeKaniko, makisu, pack } from './tools/builders.ts'
import { containerEngine } from './tools/container-engines.ts'
import { crane, oras, otherCopies, regctl, skopeo } from './tools/copies.ts'
import { bazel, dotnet, javaBuild, jib, programmable } from './tools/language-tools.ts'
import type { BuildTool, Pushed, ToolReader } from './tools/pushed.ts'
import { ciPlugin, cloudBuild, openShiftBuild, unknownTool } from './tools/unknown-tool.ts'

/** What one container of a pod template would build and push. */
export interface RecognisedBuild {
  readonly tool: BuildTool
  readonly container: string
  /** Where it pushes, as written, with the variables that the template and its ConfigMaps give. */
  readonly destinations: readonly string[]
  /** A destination, or a part of one, is known to the run alone. */
  readonly open: boolean
  /** Kaniko's --no-push: a build that succeeds and pushes nothing. */
  readonly noPush: boolean
}

export interface RecognisedBuilds {
  /** One for each container that pushes: containers first, then init containers. */
  readonly builds: readonly RecognisedBuild[]
  /** True: the template says more than is read, so there may be more. */
  readonly cut: boolean
}

type Template = Pick<Pod['spec'], 'initContainers' | 'containers'> & Partial<Pick<Pod['spec'], 'volumes'>>

export interface Surroundings {
  readonly configMaps?: ConfigMaps
  readonly pod?: PodFacts
}

/** Characters of scripts that are read of one pod. */
const scriptCharacters = 65_536
const limits = { containers: 50, destinations: 50, destination: 1_000 } as const
const nowhere: PodFacts = { namespace: '', labels: {}, annotations: {} }

/** Reads a pod template for what pushes an image. Linear in the size of the template, up to limits; never throws. */
export function recogniseBuilds(
  { initContainers, containers, volumes = [] }: Template,
  { configMaps = new Map(), pod = nowhere }: Surroundings = {},
): RecognisedBuilds {
  const sources: ScriptSources = {
    configMaps,
    volumes,
    files: new Map(),
    room: scriptCharacters,
    budget: new WordBudget(),
  }
  // Init containers run first, and can write the scripts of the others.
  const all = [...initContainers, ...containers].slice(0, limits.containers)
  const read = all.map((container) => recogniseContainer(container, sources, pod))
  const inOrder = [...read.slice(initContainers.length), ...read.slice(0, initContainers.length)]
  return {
    builds: inOrder.flatMap(({ build }) => build ?? []),
    cut: read.some(({ cut }) => cut) || initContainers.length + containers.length > limits.containers,
  }
}

function recogniseContainer(container: Container, sources: ScriptSources, pod: PodFacts) {
  const variables = readVariables(container, sources.configMaps, { pod, budget: sources.budget })
  const { commands, cut } = readCommands(container, variables, sources)
  const found = [
    ...foundByVariables(container, variables),
    ...commands.flatMap((it) => readCommand(it, container) ?? []),
  ]
  return { cut: cut || sources.budget.isSpent, build: joined(container, found) }
}

function foundByVariables({ image }: Container, variables: Variables): readonly Pushed[] {
  return [ciPlugin(image, variables), openShiftBuild(variables)].flatMap((it) => it ?? [])
}

function joined({ name }: Container, found: readonly Pushed[]): RecognisedBuild | undefined {
  const first = found.find(({ destinations }) => destinations.length > 0) ?? found[0]
  if (!first) return undefined
  const all = found.flatMap((it) => it.destinations).map(cleaned)
  const destinations = [...new Set(all.filter(Boolean))].slice(0, limits.destinations)
  return {
    tool: first.tool,
    container: name,
    destinations,
    open: destinations.some(isOpen) || (found.some(({ hidden }) => hidden) && destinations.length === 0),
    noPush: found.every(({ noPush }) => noPush),
  }
}

function cleaned(destination: string): string {
  return destination.replace(/^docker:\/\//, '').slice(0, limits.destination)
}

/** Whether a part of a name is known to the run alone: a variable, the output of a command, a template's parameter. */
export function isOpen(destination: string): boolean {
  return /[$`*]|\{\{/.test(destination)
}

const readers: readonly ToolReader[] = [
  kaniko,
  buildctl,
  containerEngine,
  skopeo,
  crane,
  regctl,
  oras,
  otherCopies,
  lifecycle,
  pack,
  ko,
  makisu,
  javaBuild,
  jib,
  dotnet,
  bazel,
  programmable,
  cloudBuild,
]

// Programs that run the words behind them.
const prefixes: ReadonlySet<string> = new Set(
  'sudo exec time nohup env timeout nice ionice retry command xargs unshare rootlesskit busybox stdbuf setsid chroot fakeroot entrypoint.sh docker-entrypoint.sh dockerd-entrypoint.sh'.split(
    ' ',
  ),
)

function readCommand({ words, variable }: ShellCommand, container: Container): Pushed | undefined {
  const [first = ''] = words
  const own = prefixes.has(toProgramName(first)) ? withoutPrefix(words) : words
  const [program = '', ...rest] = own
  const named = [toProgramName(program), ...rest]
  const command = { words: named, variable }
  for (const read of readers) {
    const pushed = read(named, command)
    if (pushed) return pushed
  }
  return (
    kanikoInside(named, container) ?? (mayWrap(named) ? readInside(named, command) : undefined) ?? unknownTool(named)
  )
}

/** `timeout 60 docker push`, `env A=b docker push`, `buildah unshare …`: the first word that is a known program. */
function withoutPrefix(words: readonly string[]): readonly string[] {
  const at = words.findIndex((it, index) => index > 0 && programs.has(toProgramName(it)))
  return at < 0 ? words.slice(1) : words.slice(at)
}

const programs: ReadonlySet<string> = new Set(
  'docker podman buildah nerdctl img ctr depot skopeo crane gcrane regctl oras buildctl buildctl-daemonless.sh executor creator pack ko makisu mvn gradle jib dotnet bazel earthly dagger'.split(
    ' ',
  ),
)

/** Kaniko under another name, or behind a program that is not known: `docker run … kaniko/executor --destination=X`. */
function kanikoInside(words: readonly string[], { image, name }: Container): Pushed | undefined {
  if (mentionsOnly.has(words[0] ?? '')) return undefined
  const at = words.findIndex((it) => /(?:^|\/)executor(?::[\w.-]{1,128})?(?:@.{1,100})?$/.test(it.slice(-300)))
  if (at >= 0) return hasDestination(words) ? kaniko(['executor', ...words.slice(at + 1)]) : undefined
  const own = looksLikeKaniko(words) || (/kaniko/.test(`${image} ${name}`) && hasDestination(words))
  if (!own || words[0] === 'warmer') return undefined
  return kaniko(['executor', ...words])
}

function hasDestination(words: readonly string[]): boolean {
  return words.some((it) => /^(?:--destination|-d)(?:=|$)/.test(it))
}

// Their words only speak of programs.
const mentionsOnly: ReadonlySet<string> = new Set(
  'echo printf cat grep which type apt apt-get apk yum dnf pip npm go cp mv ln chmod ls test [ [[ curl wget sed awk tar rm mkdir kubectl helm git az aws gcloud : exit sleep warmer'.split(
    ' ',
  ),
)

function mayWrap([program = '']: readonly string[]): boolean {
  return !mentionsOnly.has(program) && !programs.has(program)
}

/** Behind a script or program that is not known, `retry.sh docker push X`: within its first words. */
function readInside(words: readonly string[], command: ShellCommand): Pushed | undefined {
  const at = words.slice(0, 12).findIndex((it, index) => index > 0 && programs.has(toProgramName(it)))
  if (at < 0) return undefined
  const inner = [toProgramName(words[at] ?? ''), ...words.slice(at + 1)]
  for (const read of readers) {
    const pushed = read(inner, command)
    if (pushed) return pushed
  }
  return undefined
}
