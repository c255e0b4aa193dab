import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { redact, Secret } from '../src/secret.ts'

test('a secret shows itself to nobody who does not ask for it', () => {
  const secret = new Secret('hunter2')
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect(secret)}`).not.toContain('hunter2')
  expect(secret.reveal()).toBe('hunter2')
})

describe('redact', () => {
  const canary = 'c4n4ryC4n4ryC4n4ryC4n4ry'
  test.each([
    `https://user:${canary}@git.example/repo.git`,
    `Authorization: Bearer ${canary}`,
    `authorization: "Basic ${canary}"`,
    `--build-arg NPM_TOKEN=${canary}`,
    `password: ${canary}`,
    `{"auths":{"reg.io":{"auth":"${canary}"}}}`,
    `ghp_${canary}`,
    `glpat-${canary}`,
    `npm_${canary}`,
    `xoxb-${canary}`,
    `eyJhbGciOiJIUzI1NiJ9.${canary}.sig`,
    `https://bucket.example/blob?X-Amz-Signature=${canary}&x=1`,
    `-----BEGIN RSA PRIVATE KEY-----\n${canary}\n-----END RSA PRIVATE KEY-----`,
    `{"client_secret":"${canary}"}`,
  ])('%s', (message) => {
    expect(redact(message)).not.toContain(canary)
  })

  test.each([
    'failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://auth.example/token?scope=repository%3Aa: 401',
    'Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.25-alpine": remote error: tls: handshake failure',
    'unauthorized: authentication required',
    'Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.',
    'sha256:3b6f6be7fc66225b79a9031da206ea0b2353262888c8b5249641d622855758b8',
  ])('leaves alone: %s', (message) => {
    expect(redact(message)).toBe(message)
  })
})

test("containerd's own words about authorization stay", () => {
  const words = 'may require authorization: authorization failed: no basic auth credentials'
  expect(redact(words)).toBe(words)
})
