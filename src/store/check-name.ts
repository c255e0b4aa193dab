import { StoreError } from './store-error.ts'

/** Characters. Both stores take more; nothing that we name is longer. */
const longest = 512

/** PostgreSQL takes no NUL and no lone surrogate, and people read keys. Throws StoreError `invalid`. */
export function checkName(name: string): string {
  if (name !== '' && name.length <= longest && name.isWellFormed() && !/\p{Cc}/u.test(name)) return name
  throw new StoreError('invalid', `not a name that can be stored, of 1 to ${longest} visible characters`)
}
