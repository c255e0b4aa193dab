import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dockerHelper } from '../../../src/registry/identity/docker-helper.ts'

/** Installs a program `docker-credential-test`, a shell script. */
function helperThat(script: string) {
  const folder = mkdtempSync(join(tmpdir(), 'imagepull-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const program = join(folder, 'docker-credential-test')
  writeFileSync(program, `#!/bin/sh\n${script}\n`)
  chmodSync(program, 0o755)
  return dockerHelper('test', { PATH: `${folder}:/usr/bin:/bin` }, () => 1_000)
}

test('gets the host on its standard input, and gives a login', async () => {
  const helper = helperThat(
    `read host; [ "$1" = get ] && printf '{"ServerURL":"%s","Username":"user@%s","Secret":"c4n4ry"}' "$host" "$host"`,
  )
  const login = await helper.get('registry.example:5000')
  expect(login).toMatchObject({ username: 'user@registry.example:5000', expires: 601_000 })
  expect(login.password.reveal()).toBe('c4n4ry')
  expect(JSON.stringify(login)).not.toContain('c4n4ry')
})

test("Docker Hub's entry has the name that docker login gives it", async () => {
  const helper = helperThat(`read host; printf '{"Username":"%s","Secret":"x"}' "$host"`)
  expect(await helper.get('docker.io')).toMatchObject({ username: 'https://index.docker.io/v1/' })
})

test.each([
  ['has no login', 'echo credentials not found in native keychain; exit 1', 'it has no login for this registry'],
  ['fails', 'echo c4n4ry; echo c4n4ry >&2; exit 3', 'it ended with exit code 3'],
  ['prints something else', 'echo c4n4ry', 'it printed no login'],
  ['prints half of it', `echo '{"Username":"c4n4ry"}'`, 'it printed no login'],
  ['prints without end', 'yes c4n4ry', 'it prints too much'],
  ['gives a token', `echo '{"Username":"<token>","Secret":"c4n4ry"}'`, 'it gives an identity token'],
])('one that %s is told so, without what it printed', async (_, script, words) => {
  const failed = await helperThat(script)
    .get('registry.example')
    .catch((error: Error) => error.message)
  expect(failed).toContain(words)
  expect(failed).not.toContain('c4n4ry')
})

test('one that is not installed is told so', async () => {
  await expect(dockerHelper('absent', { PATH: '/nowhere' }).get('registry.example')).rejects.toThrow('not installed')
})
