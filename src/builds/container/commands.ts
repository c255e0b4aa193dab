import type { Container, Pod } from '../../kubernetes/resources.ts'
import { findScript } from '../shell/find-script.ts'
import { readShellScript, type ShellCommand } from '../shell/script.ts'
import type { WordBudget } from '../shell/word-budget.ts'
import {
  type ConfigMaps,
  expandVariables,
  type MountedConfigMap,
  mountedConfigMaps,
  type Variables,
} from './variables.ts'

/** What a container may run, as far as its specification tells. */
export interface ContainerCommands {
  readonly commands: readonly ShellCommand[]
  /** True: it says more than is read. */
  readonly cut: boolean
}

/** Where a script may stand besides the arguments: in a ConfigMap that is mounted, or written by an earlier container. */
export interface ScriptSources {
  readonly configMaps: ConfigMaps
  readonly volumes: Pod['spec']['volumes']
  /** By the last step of the path. */
  readonly files: Map<string, string>
  /** How many characters of scripts may still be read, of all containers of the pod together. */
  room: number
  /** The same for words. */
  readonly budget: WordBudget
}

/** Words and characters of one container's command and arguments. The API server takes 1.5 MB. */
const limits = { words: 1_000, characters: 65_536 } as const

// An image whose entrypoint is the tool itself: its arguments stand alone.
const entrypoints: readonly (readonly [image: RegExp, program: string])[] = [
  [/kaniko.*warmer|(?:^|\/)warmer(?:[:@]|$)/, 'warmer'],
  [/kaniko/, 'executor'],
  [/buildkit(?!d)/, 'buildctl'],
  [/skopeo/, 'skopeo'],
  [/crane|gcrane/, 'crane'],
  [/regctl/, 'regctl'],
  [/oras/, 'oras'],
  [/buildah/, 'buildah'],
  [/podman/, 'podman'],
  [/nerdctl/, 'nerdctl'],
  [/(?:^|\/)img(?:[:@]|$)/, 'img'],
  [/makisu/, 'makisu'],
  [/(?:^|\/)ko(?:[:@]|$)/, 'ko'],
  [/(?:^|\/)pack(?:[:@]|$)/, 'pack'],
  [/(?:^|\/)jib(?:-cli)?(?:[:@]|$)/, 'jib'],
  [/(?:^|\/)earthly/, 'earthly'],
  [/(?:^|\/)apko(?:[:@]|$)/, 'apko'],
  [/(?:^|\/)bazel(?:[:@]|$)/, 'bazel'],
  [/(?:^|\/)werf(?:[:@]|$)/, 'werf'],
  [/(?:^|\/)docker(?:[:@]|$)/, 'docker'],
]

/** Every command of a container, with the variables that the pod and its ConfigMaps give. */
export function readCommands(container: Container, variables: Variables, sources: ScriptSources): ContainerCommands {
  const { words, cut } = argumentsOf(container, variables, sources.budget)
  const environment = (name: string): string | null | undefined => variables.get(name)
  const found: ShellCommand[] = []
  let tooLong = cut
  let places = false
  const read = (script: string, positional: readonly string[] = []): void => {
    tooLong ||= script.length > sources.room
    const result = readShellScript(script.slice(0, Math.max(0, sources.room)), environment, positional, sources.budget)
    sources.room -= script.length
    found.push(...result.commands)
    // Tekton places the scripts of its steps in base64, and decodes them in the pod.
    const decodes = script.includes('decode-script')
    places ||= decodes
    for (const [name, body] of result.files)
      sources.files.set(name, decodes ? Buffer.from(body.trim(), 'base64').toString() : body)
    tooLong ||= result.cut
  }
  const inShell = findScript(words)
  if (inShell) read(inShell.script, inShell.positional)
  const direct = unwrapped(inShell ? inShell.positional : words)
  const program = container.command.length === 0 && !inShell ? entrypointOf(container.image, direct) : undefined
  const own = program ? [program, ...direct] : direct
  if (own.length > 0) found.push({ words: own, variable: (name) => variables.get(name) ?? undefined })
  if (!places) {
    const run = [words, ...found.map((it) => it.words)]
    for (const { script, positional } of scriptsBeside(container, run, variables, sources)) read(script, positional)
  }
  return { commands: found, cut: tooLong }
}

/** Command and arguments with `$(NAME)` filled in. */
function argumentsOf({ command, args }: Container, variables: Variables, budget: WordBudget) {
  const all = [...command.slice(0, limits.words), ...args.slice(0, limits.words)]
  const words: string[] = []
  let room: number = limits.characters
  for (const word of all) {
    if (room <= 0 || words.length >= limits.words || budget.isSpent) break
    const expanded = expandVariables(word.slice(0, room), variables).slice(0, room)
    room -= expanded.length + 1
    budget.spend(1, [expanded])
    words.push(expanded)
  }
  return { words, cut: room <= 0 || words.length < command.length + args.length }
}

/** What runs a program for another: Tekton's entrypoint, Argo's executor, init programs. */
const wrappers: ReadonlySet<string> = new Set([
  'entrypoint',
  'argoexec',
  'tini',
  'dumb-init',
  'catatonit',
  'buildkite-agent',
])

/** The command behind such a program. https://github.com/tektoncd/pipeline/tree/main/cmd/entrypoint */
function unwrapped(words: readonly string[]): readonly string[] {
  const [first = ''] = words
  if (!wrappers.has(toProgramName(first))) return words
  const end = words.indexOf('--')
  const flag = words.findIndex((it) => it === '-entrypoint' || it === '--entrypoint')
  const program = flag > 0 && (end < 0 || flag < end) ? words.slice(flag + 1, flag + 2) : []
  return [...program, ...(end < 0 ? [] : words.slice(end + 1))]
}

function entrypointOf(image: string, [first = '']: readonly string[]): string | undefined {
  const name = image.replace(/@.*$/s, '').replace(/:[^/:]*$/, '')
  const program = entrypoints.find(([pattern]) => pattern.test(name.slice(-200)))?.[1]
  return program === toProgramName(first) ? undefined : program
}

/** Words that the name of a file costs, mounted or mentioned. */
const costOfName = 0.1

interface ScriptFile {
  readonly script: string
  /** As `$0`, `$1` … of it. */
  readonly positional: readonly string[]
}

/** Scripts that the arguments, or the commands in them, only name. */
function scriptsBeside(
  container: Container,
  [words = [], ...commands]: readonly (readonly string[])[],
  variables: Variables,
  sources: ScriptSources,
): readonly ScriptFile[] {
  const files = mountedFiles(container, sources)
  const text = words.join(' ')
  const named = files.size === 0 ? [] : [...new Set(text.match(/[\w.-]{1,200}/g))]
  sources.budget.spend(named.length * costOfName, [text])
  const scripts = named.flatMap((name) => {
    const script = files.get(name)
    return script === undefined || isDockerfile(script)
      ? []
      : [{ script, positional: argumentsBehind(name, [words, ...commands]) }]
  })
  // Buildkite keeps the command in a variable, Argo the script of a template.
  const buildkite = variables.get('BUILDKITE_COMMAND')
  const argo = /argo\/staging\/script/.test(text) ? scriptOfTemplate(variables.get('ARGO_TEMPLATE') ?? '') : undefined
  const inVariables = [buildkite, argo].flatMap((script) => (script ? [{ script, positional: [] }] : []))
  return [...scripts.slice(0, 20), ...inVariables]
}

/** Files by the last step of their path: those of mounted ConfigMaps, and those that a container wrote. */
function mountedFiles(
  container: Container,
  { configMaps, volumes, files, budget }: ScriptSources,
): ReadonlyMap<string, string> {
  const mounted = new Map(files)
  for (const { name, mountPath, subPath } of container.volumeMounts.slice(0, 100)) {
    if (budget.isSpent) break
    const volume = volumes.find((it) => it.name === name)
    const data = volume
      ? mountedConfigMaps(volume)
          .flatMap((it) => filesOf(it, configMaps))
          .slice(0, 100)
      : []
    budget.spend(1 + data.length * costOfName)
    // A mount of one file alone gives it another name.
    for (const { path, content } of data) mounted.set(toProgramName(path === subPath ? mountPath : path), content)
  }
  return mounted
}

/** A volume may give a key another path. */
function filesOf({ name, items }: MountedConfigMap, configMaps: ConfigMaps) {
  const data = Object.entries(configMaps.get(name) ?? {}).slice(0, 100)
  return data.map(([key, content]) => ({ path: items?.find((it) => it.key === key)?.path ?? key, content }))
}

/** A Dockerfile is named by builders as scripts are by shells, and its RUN lines are no commands of the container. */
function isDockerfile(script: string): boolean {
  const first = script
    .slice(0, 8_192)
    .split('\n')
    .find((line) => /^\s{0,100}[^\s#]/.test(line))
  return /^\s{0,100}(?:FROM|ARG)\s/i.test(first ?? '')
}

/** What stands behind a script's name where it is run: `build.sh r.io/app`. */
function argumentsBehind(name: string, commands: readonly (readonly string[])[]): readonly string[] {
  for (const words of commands) {
    const at = words.findIndex((it) => toProgramName(it) === name)
    if (at >= 0) return words.slice(at)
  }
  return []
}

function scriptOfTemplate(template: string): string | undefined {
  try {
    const source: unknown = JSON.parse(template)?.script?.source
    return typeof source === 'string' ? source : undefined
  } catch {
    return undefined // cut, or no JSON
  }
}

/** The last step of a program's path; a flag stays as it is. */
export function toProgramName(program: string): string {
  return program.startsWith('-') ? program : program.slice(program.lastIndexOf('/') + 1)
}
