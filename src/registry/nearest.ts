import { distance } from 'fastest-levenshtein'

/** A name that somebody may have meant, and why. */
export interface Near {
  readonly name: string
  readonly why: string
}

const wanted = 5
/**
 * Names that are compared; a registry's list is cut to as many. Comparing spellings takes at most so many steps, some 20 ms:
 * this runs between two other tasks of the process.
 */
const limits = { names: 10_000, length: 512, steps: 2_000_000 } as const

/** Tags near a wanted one: other spellings, then neighbours by version, then the newest by version. */
export function nearestTags(tag: string, listed: readonly string[]): readonly Near[] {
  if (tag.length > limits.length) return []
  const tags = comparable(listed)
  const versions = versioned(tags)
  const found = [...spellings(tag, tags), ...neighbours(tag, versions), ...typos(tag, tags), ...newest(versions)]
  return firstOfEach(found)
}

/** Repositories near a wanted one. */
export function nearestRepositories(repository: string, listed: readonly string[]): readonly Near[] {
  if (repository.length > limits.length) return []
  const repositories = comparable(listed)
  const base = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
  const same = repositories
    .filter((it) => it !== repository && base(it) === base(repository))
    .map((name) => ({ name, why: 'same name elsewhere' }))
  const found = [...same, ...typos(repository, repositories), ...beginnings(repository, repositories)]
  return firstOfEach(found)
}

function comparable(listed: readonly string[]): readonly string[] {
  return listed.slice(0, limits.names).filter(({ length }) => length <= limits.length)
}

/** The first reason that was found for a name is the best one. */
function firstOfEach(found: readonly Near[]): readonly Near[] {
  const first = new Map<string, Near>()
  for (const near of found) {
    if (!first.has(near.name)) first.set(near.name, near)
    if (first.size === wanted) break
  }
  return [...first.values()]
}

function spellings(tag: string, tags: readonly string[]): readonly Near[] {
  const bare = (it: string): string => it.toLowerCase().replace(/^v(?=\d)/, '')
  const own = bare(tag)
  return tags
    .filter((it) => it !== tag && bare(it) === own)
    .map((name) => ({ name, why: name.toLowerCase() === tag.toLowerCase() ? 'other capitals' : 'with or without v' }))
}

function typos(name: string, names: readonly string[]): readonly Near[] {
  const most = Math.max(1, Math.floor(name.length / 4))
  let steps = 0
  return names
    .filter((it) => Math.abs(it.length - name.length) <= most)
    .flatMap((it) => {
      steps += it.length * Math.ceil(name.length / 32) // the algorithm takes 32 characters at once
      return steps > limits.steps ? [] : [{ name: it, far: distance(name, it) }]
    })
    .filter(({ far }) => far > 0 && far <= most)
    .toSorted((a, b) => a.far - b.far)
    .slice(0, wanted)
    .map(({ name: near, far }) => ({ name: near, why: far === 1 ? 'one character off' : `${far} characters off` }))
}

function beginnings(name: string, names: readonly string[]): readonly Near[] {
  return names
    .filter((it) => it !== name && (it.startsWith(name) || name.startsWith(it)))
    .toSorted((a, b) => b.length - a.length)
    .slice(0, wanted)
    .map((near) => ({ name: near, why: 'begins the same' }))
}

interface Versioned {
  readonly name: string
  /** Major, minor, patch. */
  readonly numbers: readonly [number, number, number]
  /** Of semver.org, section 9; empty: a release. */
  readonly prerelease: string
}

const versionForm = /^v?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([\w.-]+)|[-+.]|$)/

/** Only a tag that is a version as a whole: a hash is none. */
function versionOf(name: string): Versioned | undefined {
  const found = name.length < 60 ? versionForm.exec(name) : null
  if (!found) return undefined
  const [, major = 0, minor = 0, patch = 0, prerelease = ''] = found
  return { name, numbers: [Number(major), Number(minor), Number(patch)], prerelease }
}

/** Section 11 of semver.org. The libraries for it parse each version with several expressions: 10,000 take 0.2 s. */
function compare(a: Versioned, b: Versioned): number {
  const at = a.numbers.findIndex((number, index) => number !== b.numbers[index])
  if (at >= 0) return (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0)
  if (a.prerelease === b.prerelease) return 0
  if (a.prerelease === '' || b.prerelease === '') return a.prerelease === '' ? 1 : -1
  return comparePrereleases(a.prerelease.split('.'), b.prerelease.split('.'))
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, index) => part !== b[index])
  const [one, other] = [a[at], b[at]]
  if (one === undefined || other === undefined) return a.length - b.length
  const [number, otherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)]
  if (number && otherNumber) return Number(one) - Number(other)
  if (number !== otherNumber) return number ? -1 : 1
  return one < other ? -1 : 1
}

function versioned(names: readonly string[]): readonly Versioned[] {
  return names.flatMap((name) => versionOf(name) ?? [])
}

/** The extreme one; of several that are equal the first. */
function highest(versions: readonly Versioned[], order: 1 | -1): Versioned | undefined {
  return versions.reduce<Versioned | undefined>(
    (best, it) => (best && order * compare(it, best) <= 0 ? best : it),
    undefined,
  )
}

function neighbours(tag: string, versions: readonly Versioned[]): readonly Near[] {
  const own = versionOf(tag)
  if (!own) return []
  const below = highest(
    versions.filter((it) => compare(it, own) < 0),
    1,
  )
  const above = highest(
    versions.filter((it) => compare(it, own) > 0),
    -1,
  )
  return [
    ...(below ? [{ name: below.name, why: 'the version before' }] : []),
    ...(above ? [{ name: above.name, why: 'the next version' }] : []),
  ]
}

function newest(versions: readonly Versioned[]): readonly Near[] {
  const last = highest(versions, 1)
  return last ? [{ name: last.name, why: 'the highest version' }] : []
}
