import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'

const document = new URL('../../deploy/redis.md', import.meta.url)
const user = { name: 'imagepull', password: 'password-of-imagepull' }

/**
 * Makes the user that deploy/redis.md describes, with no other rights.
 * @param url Of a server where everybody may do everything.
 * @returns The URL for that user.
 */
export async function withLeastRights(url: string): Promise<string> {
  const admin = new Redis(url)
  await admin.call('ACL', 'SETUSER', user.name, 'reset', ...documentedRights(user.password))
  admin.disconnect()
  return url.replace('redis://', `redis://${user.name}:${user.password}@`)
}

/** The words behind `ACL SETUSER imagepull`. */
export function documentedRights(password: string): readonly string[] {
  const [, rights = ''] = /^ACL SETUSER imagepull ([^`]+)```/m.exec(readFileSync(document, 'utf8')) ?? []
  if (rights === '') throw new Error('deploy/redis.md has no ACL SETUSER')
  return rights.trim().replace('>PASSWORD', `>${password}`).split(/\s+/)
}
