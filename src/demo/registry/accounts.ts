/** User names and their passwords, which may change. */
export type Accounts = Map<string, string>

/** The account that a Basic header logs in to. undefined: no such header, or not its password. */
export function accountOf(accounts: Accounts, authorization: string | undefined): string | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1]
  const [name = '', password] = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .split(/:(.*)/s)
  return password !== undefined && accounts.get(name) === password ? name : undefined
}
