import type { ShellCommand } from '../shell/script.ts'

export type BuildTool =
  | 'kaniko'
  | 'buildkit'
  | 'buildah'
  | 'podman'
  | 'docker'
  | 'nerdctl'
  | 'img'
  | 'skopeo'
  | 'crane'
  | 'regctl'
  | 'oras'
  | 'ko'
  | 'jib'
  | 'buildpacks'
  | 'makisu'
  | 'bazel'
  | 'earthly'
  | 'dagger'
  | 'depot'
  | 'openshift'
  | 'other'

/** What one command pushes. */
export interface Pushed {
  readonly tool: BuildTool
  /** As written, with the variables that are known. */
  readonly destinations: readonly string[]
  /** It pushes to a name that only the run knows, such as one of a file in its source. */
  readonly hidden?: boolean
  /** It is told to build and to push nothing. */
  readonly noPush?: boolean
}

/** `words` begin with the program. undefined: this command pushes nothing. */
export type ToolReader = (words: readonly string[], command: ShellCommand) => Pushed | undefined
