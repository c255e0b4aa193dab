import { parseReference } from '../../registry/parse-reference.ts'

/** `docker.io` for an image without one. undefined: the reference is not valid. */
export function hostOf(image: string): string | undefined {
  const parsed = parseReference(image)
  return parsed.valid ? parsed.reference.host : undefined
}
