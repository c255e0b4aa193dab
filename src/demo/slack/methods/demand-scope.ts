import type { Platform } from '../platform.ts'
import { Refusal } from '../refusal.ts'
import type { Scope } from '../scope.ts'

/** Throws Refusal `missing_scope`, which tells what is needed and what the token has. */
export function demandScope({ scopes }: Platform, scope: Scope): void {
  if (!scopes.has(scope)) throw new Refusal('missing_scope', { needed: scope, provided: [...scopes].join(',') })
}
