import { describe, expect, test } from 'vitest'
import { pathOf, type Route, routeOf } from '../../../src/demo/page/client/state/route.ts'

const channel = 'C0INCIDENT'
const root = '1763952000.000100'
const reply = '1763952007.123456'

/** Permalinks as chat.getPermalink gives them. */
const routes: readonly (readonly [string, Route])[] = [
  ['/archives/C0INCIDENT', { channel }],
  ['/archives/C0INCIDENT/p1763952000000100', { channel, thread: root, message: root }],
  [
    '/archives/C0INCIDENT/p1763952007123456?thread_ts=1763952000.000100&cid=C0INCIDENT',
    { channel, thread: root, message: reply },
  ],
]

describe('an address', () => {
  test.each(routes)('%s', (path, route) => {
    const { pathname, search } = new URL(path, 'http://local')
    expect(routeOf(pathname, search)).toEqual(route)
    expect(pathOf(route)).toBe(path)
  })

  test.each(['/', '/archives', '/archives/C0INCIDENT/p17', '/archives/C0/x/y', '/README.md'])('%s is none', (path) => {
    expect(routeOf(path, '')).toBeUndefined()
  })

  test('of a thread without a message in mind', () => {
    expect(pathOf({ channel, thread: root })).toBe('/archives/C0INCIDENT/p1763952000000100')
    expect(pathOf({})).toBe('/')
  })
})
