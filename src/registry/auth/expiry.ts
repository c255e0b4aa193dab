import { z } from 'zod'
import { parseJson } from '../refusal.ts'
import type { Credential } from './keyring.ts'

/** Seconds since 1970. JSON Web Tokens: RFC 7519, 4.1.4. */
const jwt = z.object({ exp: z.number() })
/** What `aws ecr get-login-password` prints: base64 of JSON, valid for twelve hours. */
const ecr = z.object({ expiration: z.number() })

/** When a login stops to work, as its password itself says. undefined: it does not say. Nothing is asked. */
export function expiryOf({ password }: Credential): Date | undefined {
  const value = password.reveal()
  const parts = value.split('.')
  const seconds =
    parts.length === 3
      ? jwt.safeParse(decoded(parts[1] ?? '', 'base64url')).data?.exp
      : ecr.safeParse(decoded(value, 'base64')).data?.expiration
  const time = seconds === undefined ? undefined : new Date(seconds * 1_000)
  return time && !Number.isNaN(time.getTime()) ? time : undefined
}

/** Characters. No token is longer. */
const longest = 16_384

function decoded(text: string, encoding: 'base64' | 'base64url'): unknown {
  return text.length > longest ? undefined : parseJson(Buffer.from(text, encoding).toString('utf8'))
}
