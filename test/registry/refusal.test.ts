import { expect, test } from 'vitest'
import { readRefusal } from '../../src/registry/refusal.ts'

const asked = { method: 'GET', url: 'https://auth.test/token' } as const
const answer = (status: number, body: string) => ({ status, headers: {}, body, url: new URL(asked.url) })

test.each([
  ['{"details":"too many failed login attempts"}', 'too many failed login attempts'],
  ['{"message":"the account is locked"}', 'the account is locked'],
  ['{"error":"invalid_grant"}', 'invalid_grant'],
  ['{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}', 'slow down'],
  ['{"details":{"a":1}}', undefined],
  ['<html>no</html>', undefined],
])('what a token server says: %s', (body, message) => {
  const refusal = readRefusal(answer(429, body), asked, 'token-server')
  expect('message' in refusal ? refusal.message : undefined).toBe(message)
})
