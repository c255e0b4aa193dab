import { answered, refused } from './registry-answers.ts'
import type { RegistryAnswer } from './registry-request.ts'

/** The most that the distribution registry gives at once, and what it gives unasked: registry/handlers/catalog.go */
const entries = { most: 1_000, unasked: 100 } as const

/** One page of names behind `last`, and a Link where there are more. */
export function listPage(
  url: URL,
  names: readonly string[],
  of: 'tags' | 'repositories',
  rest: Readonly<Record<string, string>> = {},
): RegistryAnswer {
  const asked = url.searchParams.get('n')
  const most = of === 'repositories' ? entries.most : Number.POSITIVE_INFINITY
  const n = asked === null ? (of === 'repositories' ? entries.unasked : Number.POSITIVE_INFINITY) : Number(asked)
  if (asked !== null && !(/^\d+$/.test(asked) && n <= most))
    return refused(400, 'PAGINATION_NUMBER_INVALID', 'invalid number of results requested', { n: asked })
  const last = url.searchParams.get('last') ?? ''
  const behind = names.toSorted(byCodePoint).filter((name) => byCodePoint(name, last) > 0)
  const page = behind.slice(0, n)
  const more = page.length > 0 && page.length < behind.length
  const query = new URLSearchParams({ last: page.at(-1) ?? '', n: String(n) })
  return answered(200, { ...rest, [of]: page }, more ? { link: `<${url.pathname}?${query}>; rel="next"` } : {})
}

function byCodePoint(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
