import type { Reference } from '../../../registry/parse-reference.ts'

/** As containerd writes it: with host and tag; a digest wins over a tag beside it. */
export function imageName({ host, repository, tag, digest }: Reference): string {
  return `${host}/${repository}${digest ? `@${digest}` : `:${tag ?? 'latest'}`}`
}
