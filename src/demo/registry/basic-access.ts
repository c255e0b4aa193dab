import { type Accounts, accountOf } from './accounts.ts'
import type { RegistryAccess } from './registry-access.ts'
import { refused } from './registry-answers.ts'

/** The registry itself asks for user name and password, whatever is wanted. */
export function basicAccess(accounts: Accounts, realm: string): RegistryAccess {
  return {
    admit({ headers }) {
      const account = accountOf(accounts, headers.authorization)
      if (account) return { account }
      const challenge = { 'www-authenticate': `Basic realm="${realm}"` }
      return { refused: refused(401, 'UNAUTHORIZED', 'authentication required', null, challenge) }
    },
  }
}
