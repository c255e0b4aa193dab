import type { RegistryAnswer, RegistryRequest } from './registry-request.ts'

/** What a request wants. */
export interface Wanted {
  /** Empty: the registry itself. */
  readonly repository: string
  readonly action: 'pull' | 'push' | 'catalog' | 'ping'
}

export type Admitted = { readonly refused: RegistryAnswer } | { readonly account: string | undefined }

/** Who may do what in a registry. */
export interface RegistryAccess {
  admit(request: RegistryRequest, wanted: Wanted): Admitted
}

export const openAccess: RegistryAccess = { admit: () => ({ account: undefined }) }
