import type { Container, Pod } from '../kubernetes/resources.ts'
import { shellWords } from './shell-words.ts'

export type BuildTool = 'kaniko' | 'buildkit' | 'buildah' | 'docker' | 'other'

/** What a pod template would build. */
export interface RecognisedBuild {
  readonly tool: BuildTool
  readonly container: string
  /** Where it pushes, as written, with the variables that the template itself gives. */
  readonly destinations: readonly string[]
  /** Kaniko's --no-push: a build that succeeds and pushes nothing. */
  readonly noPush: boolean
}

/** undefined: nothing in it pushes an image. */
export function recogniseBuild({
  initContainers,
  containers,
}: Pick<Pod['spec'], 'initContainers' | 'containers'>): RecognisedBuild | undefined {
  return [...containers, ...initContainers].map(recogniseContainer).find((it) => it !== undefined)
}

function recogniseContainer(container: Container): RecognisedBuild | undefined {
  const words = argumentsOf(container)
  const found = [...kaniko(container, words), ...buildkit(words), ...pushes(words)]
  const [first] = found
  if (!first) return undefined
  const destinations = [...new Set(found.flatMap((it) => it.destinations).map((it) => it.replace(/^docker:\/\//, '')))]
  return {
    tool: first.tool,
    container: container.name,
    destinations,
    noPush: words.includes('--no-push') || words.includes('--no-push=true'),
  }
}

type Found = Pick<RecognisedBuild, 'tool' | 'destinations'>

/** Command and arguments, with `$(VAR)` filled in as Kubernetes does, and the words of a script that a shell gets. */
function argumentsOf({ command, args, env }: Container): readonly string[] {
  const values = new Map(env.map(({ name, value }) => [name, value]))
  const expanded = [...command, ...args].map((word) =>
    word.replace(/\$\$|\$\(([\w.-]{1,200})\)/g, (whole, name?: string) =>
      name === undefined ? '$' : (values.get(name) ?? whole),
    ),
  )
  const inShell = (word: string): string =>
    word.replace(/\$\{?([A-Za-z_]\w{0,200})\}?/g, (whole, name: string) => values.get(name) ?? whole)
  return expanded.flatMap((word) => (/\s/.test(word) ? shellWords(word).map(inShell) : [word]))
}

/** `--destination` alone makes it a build that pushes there, whatever the image is called. */
function kaniko({ image }: Container, words: readonly string[]): readonly Found[] {
  const isKaniko =
    /(?:^|\/)[\w.-]*kaniko[\w.-]*(?:\/|[:@]|$)/.test(image) || words.some((word) => word.endsWith('/kaniko/executor'))
  const destinations = [...valuesOf(words, '--destination'), ...(isKaniko ? valuesOf(words, '-d') : [])]
  return destinations.length > 0 || isKaniko
    ? [{ tool: isKaniko || destinations.length > 0 ? 'kaniko' : 'other', destinations }]
    : []
}

function buildkit(words: readonly string[]): readonly Found[] {
  if (!words.some((word) => /(?:^|\/)buildctl(?:-daemonless\.sh)?$/.test(word)) && !words.includes('buildx')) return []
  const outputs = [...valuesOf(words, '--output'), ...valuesOf(words, '-o')].filter((output) =>
    /(?:^|,)push=true(?:,|$)|type=registry/.test(output),
  )
  return outputs.map((output) => ({ tool: 'buildkit', destinations: namesOf(output) }))
}

/** `type=image,"name=a,b",push=true`: several names are quoted, because a comma separates the fields. */
function namesOf(output: string): readonly string[] {
  const quoted = /"name=([^"]{1,2000})"/.exec(output)?.[1]
  const plain = /(?:^|,)name=([^,"]{1,500})/.exec(output)?.[1]
  return (quoted ?? plain ?? '').split(',').filter(Boolean)
}

/** `buildah push [image] destination`, `docker push image`, `podman push`, `crane push`, `skopeo copy`. */
function pushes(words: readonly string[]): readonly Found[] {
  return words.flatMap((word, index): readonly Found[] => {
    const program = word.slice(word.lastIndexOf('/') + 1)
    const rest = words.slice(index + 1)
    const end = rest.findIndex((it) => /^[;&|\n]+$/.test(it))
    const own = end < 0 ? rest : rest.slice(0, end)
    const [verb, ...operands] = own.filter((it) => !it.startsWith('-'))
    const last = operands.at(-1)
    if (verb !== 'push' || !last || !['buildah', 'docker', 'podman', 'img', 'nerdctl'].includes(program)) return []
    return [{ tool: program === 'buildah' || program === 'podman' ? 'buildah' : 'docker', destinations: [last] }]
  })
}

/** Both `--flag=value` and `--flag value`, as often as it stands there. */
function valuesOf(words: readonly string[], flag: string): readonly string[] {
  return words.flatMap((word, index) => {
    if (word === flag) return words[index + 1] ?? []
    return word.startsWith(`${flag}=`) ? word.slice(flag.length + 1) : []
  })
}
