import type { Build } from './build.ts'

/** As much of a reference as builds are compared by. */
export interface ImageName {
  readonly host: string
  readonly repository: string
  readonly tag?: string
}

export interface Matching {
  /** Other hosts, with port, that mean the same registry. */
  readonly aliases: readonly string[]
  /** undefined: it is no reference. */
  parse(destination: string): ImageName | undefined
}

/** Builds by how near they come to an image. The newest first. */
export interface MatchedBuilds {
  /** They push just this image. */
  readonly exact: readonly Build[]
  /** The same repository, another tag. */
  readonly otherTag: readonly Build[]
  /** The same repository name, in another registry. */
  readonly otherRegistry: readonly Build[]
}

/** Tags that are left out mean `latest`, on both sides. */
export function matchBuilds(builds: readonly Build[], image: ImageName, { aliases, parse }: Matching): MatchedBuilds {
  const hosts = new Set([image.host, ...aliases])
  const near = builds.map((build) => ({
    build,
    pushed: build.destinations
      .flatMap((it) => parse(it) ?? [])
      .filter(({ repository }) => repository === image.repository),
  }))
  const sameTag = (it: ImageName): boolean => (it.tag ?? 'latest') === (image.tag ?? 'latest')
  const having = (fits: (pushed: ImageName) => boolean): readonly Build[] =>
    near.filter(({ pushed }) => pushed.some(fits)).map(({ build }) => build)
  const exact = having((it) => hosts.has(it.host) && sameTag(it))
  const otherTag = having((it) => hosts.has(it.host)).filter((build) => !exact.includes(build))
  const otherRegistry = having(() => true).filter((build) => !exact.includes(build) && !otherTag.includes(build))
  return { exact, otherTag, otherRegistry }
}
