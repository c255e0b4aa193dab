import { distance } from 'fastest-levenshtein'
import type { Build } from './build.ts'
import { isOpen } from './recognise.ts'

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
  /** They push to a name of which so much is known to the run alone that it could be any, this one too. */
  readonly unclear: readonly Build[]
  /** In this registry, under a name that looks like this one mistyped. */
  readonly near: readonly Build[]
}

/** Tags that are left out mean `latest`, on both sides. */
export function matchBuilds(builds: readonly Build[], image: ImageName, { aliases, parse }: Matching): MatchedBuilds {
  const hosts = new Set([image.host, ...aliases])
  const pushing = builds.map((build) => ({
    build,
    pushed: build.destinations
      .flatMap((it) => parse(it) ?? [])
      .filter(({ repository }) => repository === image.repository),
  }))
  const sameTag = (it: ImageName): boolean => (it.tag ?? 'latest') === (image.tag ?? 'latest')
  const having = (fits: (pushed: ImageName) => boolean): readonly Build[] =>
    pushing.filter(({ pushed }) => pushed.some(fits)).map(({ build }) => build)
  const exact = having((it) => hosts.has(it.host) && sameTag(it))
  const otherTag = having((it) => hosts.has(it.host)).filter((build) => !exact.includes(build))
  const otherRegistry = having(() => true).filter((build) => !exact.includes(build) && !otherTag.includes(build))
  const told = new Set([...exact, ...otherTag, ...otherRegistry])
  const open = builds.filter((build) => !told.has(build) && build.destinations.some((it) => couldBe(it, image, hosts)))
  const names = [...hosts].map((host) => `${host}/${image.repository}:${image.tag ?? 'latest'}`)
  const rest = builds.filter((build) => !told.has(build) && !open.includes(build))
  const unclear = rest.filter(
    ({ hidden, destinations }) =>
      hidden || destinations.some((it) => isOpen(it) && names.some((name) => fits(it, name))),
  )
  const near = rest.filter(({ destinations }) =>
    destinations
      .flatMap((it) => parse(it) ?? [])
      .some((it) => hosts.has(it.host) && isMistyped(it.repository, image.repository)),
  )
  return { exact, otherTag, otherRegistry, open, unclear, near }
}

/** Two neighbouring letters are exchanged, or one letter is another, too many or missing. A digit may well be meant. */
export function isMistyped(name: string, other: string): boolean {
  if (name === other || Math.abs(name.length - other.length) > 1 || other.length < 5) return false
  const start = [...name].findIndex((letter, at) => letter !== other[at])
  const [a, b] = [name.slice(start < 0 ? -1 : start), other.slice(start < 0 ? -1 : start)]
  if (/^\d|^.\d/.test(a) || /^\d/.test(b)) return false
  if (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2)) return true
  return distance(name, other) === 1
}

/** Whether a name may be what a destination becomes, once its open parts are filled in. */
function fits(destination: string, name: string): boolean {
  const literals = destination.split(openPart)
  const first = literals[0] ?? ''
  const last = literals.at(-1) ?? ''
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let at = first.length
  for (const literal of literals.slice(1, -1)) {
    const found = name.indexOf(literal, at)
    if (found < 0) return false
    at = found + literal.length
  }
  return true
}

// `$(TAG)`, `${TAG}`, `$TAG`, `{{tag}}`, the output of a command, every tag.
const openPart = /\$\([^)]{0,400}\)?|\$\{[^}]{0,400}\}?|\$[A-Za-z_]\w{0,100}|\$\d|\{\{[^}]{0,400}\}\}|`[^`]{0,400}`?|\*/

// What a variable of Kubernetes, a shell or a template begins with.
const variable = /\$(?:\(|\{?[A-Za-z_0-9])|\{\{|`|\*/

/** The repository is written out, and what differs from the image has a variable. */
function couldBe(destination: string, { repository, tag = 'latest' }: ImageName, hosts: ReadonlySet<string>): boolean {
  if (!variable.test(destination)) return false
  const at = destination.lastIndexOf(`/${repository}`)
  const [host, rest] = [destination.slice(0, at), destination.slice(at + 1 + repository.length)]
  if (at < 0 || !(hosts.has(host) || (variable.test(host) && !host.includes('/')))) return false
  return rest === '' ? tag === 'latest' : rest.startsWith(':') && (rest.slice(1) === tag || variable.test(rest))
}
