import { recogniseBuilds } from '../../../builds/recognise-build.ts'
import type { Container } from '../../../kubernetes/resources.ts'

export interface KanikoArguments {
  readonly destinations: readonly string[]
  readonly noPush: boolean
  readonly context: string
  readonly dockerfile: string
  readonly insecure: boolean
  readonly insecurePull: boolean
}

/** The executor's flags that matter here: cmd/executor/cmd/root.go. */
export function kanikoArguments(container: Container): KanikoArguments {
  const [build] = recogniseBuilds({ initContainers: [], containers: [container] }).builds
  const words = [...container.command, ...container.args].map((word) => expanded(word, container))
  return {
    destinations: build?.destinations ?? [],
    noPush: build?.noPush ?? false,
    context: flagValue(words, '--context', '-c') ?? '/workspace/',
    dockerfile: flagValue(words, '--dockerfile', '-f') ?? 'Dockerfile',
    insecure: isSet(words, '--insecure'),
    insecurePull: isSet(words, '--insecure-pull'),
  }
}

/** `$(NAME)` as Kubernetes fills it in. */
function expanded(word: string, { env }: Container): string {
  return word.replace(
    /\$\(([\w.-]{1,200})\)/g,
    (whole, name: string) => env.find((it) => it.name === name)?.value ?? whole,
  )
}

function flagValue(words: readonly string[], long: string, short: string): string | undefined {
  const joined = words.find((word) => word.startsWith(`${long}=`) || word.startsWith(`${short}=`))
  if (joined) return joined.slice(joined.indexOf('=') + 1)
  const at = words.findIndex((word) => word === long || word === short)
  return at < 0 ? undefined : words[at + 1]
}

function isSet(words: readonly string[], flag: string): boolean {
  return words.includes(flag) || words.includes(`${flag}=true`)
}
