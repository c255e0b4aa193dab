import type { Acting } from './acting.ts'

/** Every write that took effect, as `POST jobs` or `DELETE pods/cart-1`. */
export function written({ cluster }: Pick<Acting, 'cluster'>): readonly string[] {
  return cluster.writes.map(({ method, path }) => {
    const [, kind, name] = /\/namespaces\/[^/]+\/([^/?]+)(?:\/([^/?]+))?/.exec(path) ?? []
    return [method, name ? `${kind}/${name}` : kind].join(' ')
  })
}
