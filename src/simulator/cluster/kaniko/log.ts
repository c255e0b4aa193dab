import { recogniseBuilds } from '../../../builds/recognise.ts'
import type { Container } from '../../../kubernetes/resources.ts'
import type { Clock } from '../../clock.ts'

export interface KanikoLog {
  info(message: string): void
  warn(message: string): void
  /** Writes a line of a program in the build. */
  plain(line: string): void
}

/** Makes a log in the coloured format of logrus, as Kaniko writes it: text_formatter.go, printColored. */
export function kanikoLog(clock: Clock, write: (line: string) => void): KanikoLog {
  const began = clock.now()
  const told = (color: number, level: string, message: string): void => {
    const seconds = Math.floor((clock.now() - began) / 1_000)
    write(`\x1b[${color}m${level}\x1b[0m[${String(seconds).padStart(4, '0')}] ${message.padEnd(44)} `)
  }
  return {
    info: (message) => told(36, 'INFO', message),
    warn: (message) => told(33, 'WARN', message),
    plain: write,
  }
}

/** The phase in which a build failed: arguments, push check, build, or push. */
export type BuildFailureCode = 'arguments' | 'push-check' | 'build' | 'push'

/** A build that failed, with the last line of its log. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure'
  readonly code: BuildFailureCode
  readonly exitCode: number

  constructor(code: BuildFailureCode, lastLine: string, exitCode = 1) {
    super(lastLine)
    this.code = code
    this.exitCode = exitCode
  }
}

export interface KanikoArguments {
  readonly destinations: readonly string[]
  readonly noPush: boolean
  readonly context: string
  readonly dockerfile: string
  readonly insecure: boolean
  readonly insecurePull: boolean
}

/** Reads the executor's relevant flags: cmd/executor/cmd/root.go. */
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

/** Expands `$(NAME)` as Kubernetes does. */
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
