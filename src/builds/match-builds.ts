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
  /** Perhaps this image: a variable in the destination is known to the run alone. */
  readonly open: readonly Build[]
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
  const told = new Set([...exact, ...otherTag, ...otherRegistry])
  const open = builds.filter((build) => !told.has(build) && build.destinations.some((it) => couldBe(it, image, hosts)))
  return { exact, otherTag, otherRegistry, open }
}

// `$(TAG)` of Kubernetes that nothing in the template gives, `$TAG` and `${TAG}` of a shell.
const variable = /\$(?:\(|\{?[A-Za-z_])/

/** The repository is written out, and what differs from the image has a variable. */
function couldBe(destination: string, { repository, tag = 'latest' }: ImageName, hosts: ReadonlySet<string>): boolean {
  if (!variable.test(destination)) return false
  const at = destination.lastIndexOf(`/${repository}`)
  const [host, rest] = [destination.slice(0, at), destination.slice(at + 1 + repository.length)]
  if (at < 0 || !(hosts.has(host) || (variable.test(host) && !host.includes('/')))) return false
  return rest === '' ? tag === 'latest' : rest.startsWith(':') && (rest.slice(1) === tag || variable.test(rest))
}
