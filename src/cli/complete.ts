import type { Command, Option } from 'commander'
import { readEnvironment } from '../config/environment.ts'
import { connectCluster } from '../kubernetes/connect.ts'
import { contextNames } from '../kubernetes/kubeconfig.ts'

/** What can follow, in the form that kubectl reads: one a line, a tab before its description, then a directive. */
export interface Completion {
  readonly words: readonly string[]
  /** 0: the shell may complete file names. 4: it may not. Cobra's ShellCompDirective. */
  readonly directive: 0 | 4
}

/** What a completion may ask. Each throws where it cannot look. */
export interface Lookups {
  contexts(): readonly string[]
  namespaces(typed: Typed): Promise<readonly string[]>
  /** `deployment/web` and names of pods. */
  targets(typed: Typed): Promise<readonly string[]>
}

/** Options that were typed before. */
export interface Typed {
  readonly context?: string | undefined
  readonly namespace?: string | undefined
  readonly kubeconfig?: string | undefined
}

const nothing: Completion = { words: [], directive: 4 }
const files: Completion = { words: [], directive: 0 }

/** @param typed The words after the program's name; the last one is not finished, and may be empty. */
export async function complete(program: Command, typed: readonly string[], lookups: Lookups): Promise<Completion> {
  const before = typed.slice(0, -1)
  const current = typed.at(-1) ?? ''
  const { command, rest } = commandOf(program, before)
  const open = command.options.find((it) => takesValue(it) && [it.short, it.long].includes(rest.at(-1) ?? ''))
  const { words, directive } = open ? await valuesOf(open, rest, lookups) : await next(command, current, rest, lookups)
  return { words: words.filter((word) => word.startsWith(current)), directive }
}

/** The command that the words lead to, and the words behind it. */
function commandOf(
  program: Command,
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } {
  const [first, ...rest] = words
  const found = program.commands.find((it) => it.name() === first)
  return found ? commandOf(found, rest) : { command: program, rest: words }
}

function takesValue(option: Option): boolean {
  return option.required || option.optional
}

async function next(command: Command, current: string, rest: readonly string[], lookups: Lookups): Promise<Completion> {
  if (current.startsWith('-'))
    return {
      words: command.options.filter((it) => !it.hidden).map((it) => withText(it.long ?? '', it.description)),
      directive: 4,
    }
  const visible = command.createHelp().visibleCommands(command)
  if (visible.length > 0) return { words: visible.map((it) => withText(it.name(), it.description())), directive: 4 }
  const [argument] = command.registeredArguments
  if (argument?.name() === 'target') return { words: await lookups.targets(optionsIn(rest)), directive: 4 }
  return argument?.name().startsWith('file') ? files : nothing
}

async function valuesOf(option: Option, rest: readonly string[], lookups: Lookups): Promise<Completion> {
  if (option.argChoices) return { words: option.argChoices, directive: 4 }
  if (option.long === '--context') return { words: lookups.contexts(), directive: 4 }
  if (option.long === '--namespace') return { words: await lookups.namespaces(optionsIn(rest)), directive: 4 }
  return /<(?:file|path|directory)>/.test(option.flags) ? files : nothing
}

function optionsIn(words: readonly string[]): Typed {
  const optionValue = (...names: readonly string[]): string | undefined => {
    const at = words.findLastIndex((word) => names.includes(word))
    return at < 0 ? undefined : words[at + 1]
  }
  return {
    context: optionValue('--context'),
    namespace: optionValue('-n', '--namespace'),
    kubeconfig: optionValue('--kubeconfig'),
  }
}

function withText(word: string, description: string): string {
  return `${word}\t${description}`
}

/** Milliseconds: somebody waits with a key pressed. */
const patience = 3_000
/** Names of a kind. */
const most = 500

/** Asks the cluster that the typed options mean. */
export function clusterLookups(): Lookups {
  const environment = readEnvironment().KUBECONFIG
  const signal = AbortSignal.timeout(patience)
  const clusterOf = ({ context, kubeconfig = environment }: Typed) => connectCluster({ kubeconfig, context })
  return {
    contexts: () => contextNames({ kubeconfig: environment }),
    async namespaces(typed) {
      const { items } = await clusterOf(typed).list('namespaces', { limit: most }, signal)
      return items.map(({ metadata }) => metadata.name)
    },
    async targets(typed) {
      const cluster = clusterOf(typed)
      const namespace = typed.namespace ?? cluster.namespace
      const kinds = ['deployments', 'statefulsets', 'daemonsets', 'jobs', 'pods'] as const
      // Whoever may not list one kind gets the others.
      const listed = await Promise.allSettled(
        kinds.map((kind) => cluster.list(kind, { namespace, limit: most }, signal)),
      )
      return listed.flatMap((seen, index) => {
        const names = seen.status === 'fulfilled' ? seen.value.items.map(({ metadata }) => metadata.name) : []
        const kind = kinds[index]
        return kind === 'pods' ? names : names.map((name) => `${kind?.slice(0, -1)}/${name}`)
      })
    },
  }
}
