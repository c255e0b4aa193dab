import type { ExtraState, Outcome } from './scene.ts'

/** A further button of the demo: something that happens in its cluster or registry. */
export interface Extra {
  readonly id: string
  readonly label: string
  /** What it does, in a sentence. */
  readonly says: string
  /** Resolves when it is done. It may be run again. */
  run(): Promise<unknown>
}

export interface Extras {
  readonly states: readonly ExtraState[]
  /** Begins, and returns at once; what came of it is seen in `states`. */
  run(id: string): Outcome
}

/** `changed` is called after each change of `states`. */
export function createExtras(extras: readonly Extra[], changed: () => void): Extras {
  const states = new Map<string, ExtraState['state']>()

  function put(id: string, state: ExtraState['state']): void {
    states.set(id, state)
    changed()
  }

  return {
    get states() {
      return extras.map(({ id, label, says }) => ({ id, label, says, state: states.get(id) ?? 'ready' }))
    },
    run(id) {
      const extra = extras.find((each) => each.id === id)
      if (!extra) return { kind: 'cannot', says: 'The demo has no such button.' }
      if (states.get(id) === 'running') return { kind: 'cannot', says: 'This is under way.' }
      put(id, 'running')
      Promise.try(() => extra.run()).then(
        () => put(id, 'done'),
        () => put(id, 'failed'),
      )
      return { kind: 'done' }
    },
  }
}
