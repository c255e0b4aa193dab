import { shorten } from './shorten.ts'

/** The last part of an image's name, with its tag; of a digest the beginning: `web:1.8.3`, `web@sha256:9f2c41ab`. */
export function shortImage(image: string, limit = 60): string {
  const name = image.slice(image.lastIndexOf('/') + 1)
  const [, before = name, digest] = /^(.*)@sha256:([0-9a-f]{8})[0-9a-f]*$/.exec(name) ?? []
  return shorten(digest ? `${before}@sha256:${digest}` : name, limit)
}
