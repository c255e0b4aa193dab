import { distance } from 'fastest-levenshtein'
import semver from 'semver'

/** A name that somebody may have meant, and why. */
export interface Near {
  readonly name: string
  readonly why: string
}

const wanted = 5

/** Tags near a wanted one: other spellings, then neighbours by version, then the newest by version. */
export function nearestTags(tag: string, tags: readonly string[]): readonly Near[] {
  const found = [...spellings(tag, tags), ...versions(tag, tags), ...typos(tag, tags), ...newest(tags)]
  return firstOfEach(found)
}

/** Repositories near a wanted one. */
export function nearestRepositories(repository: string, repositories: readonly string[]): readonly Near[] {
  const base = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
  const same = repositories
    .filter((it) => it !== repository && base(it) === base(repository))
    .map((name) => ({ name, why: 'same name elsewhere' }))
  const found = [...same, ...typos(repository, repositories), ...beginnings(repository, repositories)]
  return firstOfEach(found)
}

/** The first reason that was found for a name is the best one. */
function firstOfEach(found: readonly Near[]): readonly Near[] {
  return found.filter(({ name }, index) => found.findIndex((other) => other.name === name) === index).slice(0, wanted)
}

function spellings(tag: string, tags: readonly string[]): readonly Near[] {
  const bare = (it: string): string => it.toLowerCase().replace(/^v(?=\d)/, '')
  return tags
    .filter((it) => it !== tag && bare(it) === bare(tag))
    .map((name) => ({ name, why: name.toLowerCase() === tag.toLowerCase() ? 'other capitals' : 'with or without v' }))
}

function typos(name: string, names: readonly string[]): readonly Near[] {
  const most = Math.max(1, Math.floor(name.length / 4))
  return names
    .map((it) => ({ name: it, far: distance(name, it) }))
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
  readonly version: semver.SemVer
}

/** Only tags that are versions as a whole: a date or a hash is none. */
function versioned(names: readonly string[]): readonly Versioned[] {
  return names
    .filter((name) => /^v?\d+(?:\.\d+){0,2}(?:[-+.]|$)/.test(name) && name.length < 60)
    .flatMap((name) => {
      const version = semver.coerce(name, { includePrerelease: true })
      return version ? [{ name, version }] : []
    })
    .toSorted((a, b) => semver.compare(a.version, b.version))
}

function versions(tag: string, tags: readonly string[]): readonly Near[] {
  const [own] = versioned([tag])
  if (!own) return []
  const sorted = versioned(tags.filter((it) => it !== tag))
  const below = sorted.findLast(({ version }) => semver.lt(version, own.version))
  const above = sorted.find(({ version }) => semver.gt(version, own.version))
  return [
    ...(below ? [{ name: below.name, why: 'the version before' }] : []),
    ...(above ? [{ name: above.name, why: 'the next version' }] : []),
  ]
}

function newest(tags: readonly string[]): readonly Near[] {
  const last = versioned(tags).at(-1)
  return last ? [{ name: last.name, why: 'the highest version' }] : []
}
