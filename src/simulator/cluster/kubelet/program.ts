import type { Container, Pod } from '../../../kubernetes/resources.ts'
import type { NodeContext } from './node.ts'
import type { NodeImage } from './pull-failure.ts'

export interface ProgramContext {
  readonly node: NodeContext
  readonly pod: Pod
  readonly container: Container
  readonly image: NodeImage
  readonly podIp: string
  /** Adds a line to the container's log. */
  log(line: string): void
  /** Aborted when the container is to end. */
  readonly signal: AbortSignal
}

/** What a container does, until it ends by itself or is told to. Returns its exit code. */
export type Program = (context: ProgramContext) => Promise<number>
