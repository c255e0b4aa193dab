import type { ExtraState, Outcome } from './scene.ts'

/** An extra action of the demo in its cluster or registry, with a button. */
export interface Extra {
  readonly id: string
  readonly label: string
  /** One sentence that describes the action. */
  readonly description: string
  /** Runs the action. Resolves when it is done. It may run again. */
  run(): Promise<unknown>
}

export interface Extras {
  readonly states: readonly ExtraState[]
  /** Starts an action and returns at once. `states` shows its progress. */
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
      return extras.map(({ id, label, description }) => ({ id, label, description, state: states.get(id) ?? 'ready' }))
    },
    run(id) {
      const extra = extras.find((each) => each.id === id)
      if (!extra) return { kind: 'cannot', message: 'The demo has no such button.' }
      if (states.get(id) === 'running') return { kind: 'cannot', message: 'This is already running.' }
      put(id, 'running')
      Promise.try(() => extra.run()).then(
        () => put(id, 'done'),
        () => put(id, 'failed'),
      )
      return { kind: 'done' }
    },
  }
}
