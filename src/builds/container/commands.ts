import type { Container } from '../../kubernetes/resources.ts'
import { findScript, readShellScript, type ShellCommand } from '../shell/script.ts'
import { type ConfigMaps, expandVariables, type Variables } from './variables.ts'

/** What a container may run, as far as its specification tells. */
export interface ContainerCommands {
  readonly commands: readonly ShellCommand[]
  /** True: it says more than is read. */
  readonly cut: boolean
}

/** Where a script may stand besides the arguments: in a ConfigMap that is mounted, or written by an earlier container. */
export interface ScriptSources {
  readonly configMaps: ConfigMaps
  readonly volumes: readonly { readonly name: string; readonly configMap?: { readonly name: string } | undefined }[]
  /** By the last step of the path. */
  readonly files: Map<string, string>
  /** How many characters of scripts may still be read, of all containers of the pod together. */
  room: number
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
  [/(?:^|\/)docker(?:[:@]|$)/, 'docker'],
]

/** Every command of a container, with the variables that the pod and its ConfigMaps give. */
export function readCommands(container: Container, variables: Variables, sources: ScriptSources): ContainerCommands {
  const { words, cut } = argumentsOf(container, variables)
  const environment = (name: string): string | null | undefined => variables.get(name)
  const found: ShellCommand[] = []
  let tooLong = cut
  let places = false
  const read = (script: string, positional: readonly string[] = []): void => {
    tooLong ||= script.length > sources.room
    const result = readShellScript(script.slice(0, Math.max(0, sources.room)), environment, positional)
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
  if (!places) for (const script of scriptsBeside(container, words, variables, sources)) read(script)
  return { commands: found, cut: tooLong }
}

/** Command and arguments with `$(NAME)` filled in. */
function argumentsOf({ command, args }: Container, variables: Variables) {
  const all = [...command.slice(0, limits.words), ...args.slice(0, limits.words)]
  const words: string[] = []
  let room: number = limits.characters
  for (const word of all) {
    if (room <= 0 || words.length >= limits.words) break
    const expanded = expandVariables(word.slice(0, room), variables).slice(0, room)
    room -= expanded.length + 1
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

/** Scripts that the arguments only name. */
function scriptsBeside(
  container: Container,
  words: readonly string[],
  variables: Variables,
  { configMaps, volumes, files }: ScriptSources,
): readonly string[] {
  const mounted = new Map(files)
  for (const { name } of container.volumeMounts.slice(0, 100)) {
    const data = configMaps.get(volumes.find((it) => it.name === name)?.configMap?.name ?? '')
    for (const [file, content] of Object.entries(data ?? {}).slice(0, 100)) mounted.set(file, content)
  }
  const text = words.join(' ')
  const named = mounted.size === 0 ? [] : [...new Set(text.match(/[\w.-]{1,200}/g))]
  const scripts = named.flatMap((name) => mounted.get(name) ?? [])
  // Buildkite keeps the command in a variable, Argo the script of a template.
  const buildkite = variables.get('BUILDKITE_COMMAND')
  const argo = /argo\/staging\/script/.test(text) ? scriptOfTemplate(variables.get('ARGO_TEMPLATE') ?? '') : undefined
  return [...scripts.slice(0, 20), ...(buildkite ? [buildkite] : []), ...(argo ? [argo] : [])]
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
