import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseReference } from '../../src/registry/reference.ts'

const hex = 'a'.repeat(64)
const digest = `sha256:${hex}`

// After the test tables of github.com/distribution/reference (reference_test.go, normalize_test.go), re-typed.
describe('valid references, normalised', () => {
  test.each([
    ['nginx', { host: 'docker.io', repository: 'library/nginx' }],
    ['nginx:1.25-alpine', { host: 'docker.io', repository: 'library/nginx', tag: '1.25-alpine' }],
    ['user/app', { host: 'docker.io', repository: 'user/app' }],
    ['docker.io/nginx', { host: 'docker.io', repository: 'library/nginx' }],
    ['index.docker.io/x/y', { host: 'docker.io', repository: 'x/y' }],
    ['test.com:5000', { host: 'docker.io', repository: 'library/test.com', tag: '5000' }],
    ['test:5000/repo', { host: 'test:5000', repository: 'repo' }],
    ['test.com/repo:tag', { host: 'test.com', repository: 'repo', tag: 'tag' }],
    ['localhost/x', { host: 'localhost', repository: 'x' }],
    ['local/x', { host: 'docker.io', repository: 'local/x' }],
    ['LOCALDOMAIN/x', { host: 'LOCALDOMAIN', repository: 'x' }],
    ['Foo/bar', { host: 'Foo', repository: 'bar' }],
    ['lowercase:Uppercase', { host: 'docker.io', repository: 'library/lowercase', tag: 'Uppercase' }],
    ['foo_bar.com:8080', { host: 'docker.io', repository: 'library/foo_bar.com', tag: '8080' }],
    ['192.168.1.1:5000/repo:5050', { host: '192.168.1.1:5000', repository: 'repo', tag: '5050' }],
    ['[::1]:5000/repo', { host: '[::1]:5000', repository: 'repo' }],
    ['[2001:db8::1]/repo', { host: '[2001:db8::1]', repository: 'repo' }],
    ['dock__er', { host: 'docker.io', repository: 'library/dock__er' }],
    ['docker---rules', { host: 'docker.io', repository: 'library/docker---rules' }],
    ['xn--n3h.com/x', { host: 'xn--n3h.com', repository: 'x' }],
    [`docker.io/${hex}`, { host: 'docker.io', repository: `library/${hex}` }],
    [`test:5000/repo@${digest}`, { host: 'test:5000', repository: 'repo', digest }],
    [`test:5000/repo:tag@${digest}`, { host: 'test:5000', repository: 'repo', tag: 'tag', digest }],
    [`a:${'t'.repeat(128)}`, { host: 'docker.io', repository: 'library/a', tag: 't'.repeat(128) }],
    [`example.com/${'a'.repeat(255)}`, { host: 'example.com', repository: 'a'.repeat(255) }],
    [
      '10.43.170.72:5000/cortex-chat/backend:latest',
      { host: '10.43.170.72:5000', repository: 'cortex-chat/backend', tag: 'latest' },
    ],
  ])('%s', (image, reference) => {
    expect(parseReference(image)).toEqual({ valid: true, reference })
  })
})

describe('invalid references, and why', () => {
  test.each([
    ['', 'empty'],
    ['Uppercase:tag', 'capital letter'],
    ['docker/Docker', 'capital letter'],
    ['registry.test:5500/Team/App:1.0', 'capital letter: "Team/App"'],
    ['https://github.com/docker/docker', 'URL scheme, "https://"'],
    ['dock..er', 'separator'],
    ['-docker', 'separator'],
    ['docker-/x', 'separator'],
    ['____/____', 'separator'],
    ['a//b', 'two slashes'],
    ['a/b/', 'last slash'],
    [':justtag', 'repository name is missing'],
    [`@${digest}`, 'repository name is missing'],
    ['app:1.0:latest', 'two tags: "app:1.0:latest"'],
    ['app:', 'last colon is empty'],
    [' nginx', 'space before or after'],
    ['nginx ', 'space before or after'],
    ['team/app: 1.0', 'space in it'],
    ['nginx\r\n', 'control character'],
    ['ng\u0000inx', 'control character'],
    ['app:{{ .Values.tag }}', 'placeholder "{{ .Values.tag }}"'],
    ['app:$TAG', 'placeholder "$TAG"'],
    ['ghcr.io/${{ github.repository }}:latest', 'placeholder "${{ github.repository }}"'],
    [hex, 'image id'],
    ['test:5000/repo@sha256:abc', 'digest is 3 characters long instead of 64'],
    [`test:5000/repo@md5:${hex}`, '"md5" is not supported'],
    [`test:5000/repo@sha256:${'A'.repeat(64)}`, 'no lower-case hexadecimal'],
    ['test:5000/repo@nothing', 'has no algorithm'],
    [`a:${'t'.repeat(129)}`, 'tag is 129 characters long'],
    [`example.com/${'a'.repeat(256)}`, '256 characters long'],
    ['[fe80::1%eth0]:5000/x', 'It does not have|separator|character'],
    ['app:tag!', 'tag "tag!"'],
    ['app$x', 'placeholder'],
    ['ünicode/x', 'character that it may not have'],
    ['x'.repeat(5_000), '5000 characters'],
  ])('%j: %s', (image, reason) => {
    const parsed = parseReference(image)
    expect(parsed.valid).toBe(false)
    if (!parsed.valid && !reason.includes('|')) expect(parsed.reason).toContain(reason)
  })
})

test('any text is a reference, or has a reason why it is none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (image) => {
      const parsed = parseReference(image)
      if (!parsed.valid) expect(parsed.reason.length).toBeGreaterThan(0)
    }),
  )
})

test('what is built from valid parts is valid', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,8}){0,2}$/)
  const tag = fc.stringMatching(/^\w[\w.-]{0,20}$/)
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), tag, (parts, wanted) => {
      const repository = parts.join('/')
      expect(parseReference(`registry.example:5000/${repository}:${wanted}`)).toEqual({
        valid: true,
        reference: { host: 'registry.example:5000', repository, tag: wanted },
      })
    }),
  )
})
