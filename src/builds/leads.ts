import type { Pod } from '../kubernetes/resources.ts'

/** An object whose specification names an image, though nothing in it is known to push it. Plain JSON. */
export interface Lead {
  readonly kind: 'Job' | 'CronJob' | 'Pod'
  readonly namespace: string
  readonly name: string
}

/** A lead with the words of its specification. They may hold secrets, so they are never a part of a fact. */
export interface Specified extends Lead {
  readonly words: string
}

/** Characters kept of one object, and of all. */
const limits = { object: 32_768, all: 16_777_216, leads: 5 } as const

/** Command, arguments and variables of a template in one text. The images that it runs are left out: it pulls those. */
export function readWords({ initContainers, containers }: Pick<Pod['spec'], 'initContainers' | 'containers'>): {
  readonly words: string
  readonly cut: boolean
} {
  const parts: string[] = []
  let room: number = limits.object
  for (const { command, args, env } of [...containers, ...initContainers])
    for (const word of [...command, ...args, ...env.map(({ value }) => value)]) {
      if (room <= 0) return { words: parts.join('\n'), cut: true }
      parts.push(word.slice(0, room))
      room -= word.length + 1
    }
  return { words: parts.join('\n'), cut: room < 0 }
}

/** Keeps the words of as many objects as there is room for. */
export function keepWords(): { add(of: Specified): boolean; readonly all: readonly Specified[] } {
  const all: Specified[] = []
  let room: number = limits.all
  return {
    all,
    add(of) {
      room -= of.words.length
      if (room < 0) return false
      all.push(of)
      return true
    },
  }
}

/** Objects that name a repository as a whole word, with or without a registry and a tag. */
export function findLeads(repository: string, of: readonly Specified[]): readonly Lead[] {
  return of
    .filter(({ words }) => names(words, repository))
    .slice(0, limits.leads)
    .map(({ kind, namespace, name }) => ({ kind, namespace, name }))
}

function names(words: string, repository: string): boolean {
  for (let at = words.indexOf(repository); at >= 0; at = words.indexOf(repository, at + 1)) {
    const [before, after] = [words.charAt(at - 1), words.charAt(at + repository.length)]
    if (!/[\w.-]/.test(before) && !/[\w/-]/.test(after)) return true
  }
  return false
}
