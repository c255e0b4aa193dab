import type { Kind } from '../../messages/kinds.ts'

/** What a registry says when it does not give a manifest, or hides that it has none: its own answer decides between them. */
export const registryDecides = ['image-not-found', 'auth-required', 'auth-denied'] as const satisfies readonly Kind[]
