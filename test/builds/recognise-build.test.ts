import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recogniseBuild } from '../../src/builds/recognise-build.ts'
import { shellWords } from '../../src/builds/shell-words.ts'
import { resources } from '../../src/kubernetes/resources.ts'

const containerOf = (of: object) => {
  const spec = { containers: [{ name: 'build', image: 'builder:1', ...of }] }
  return resources.pods.schema.parse({ metadata: { name: 'x' }, spec }).spec
}
const kaniko = 'gcr.io/kaniko-project/executor:v1.24.0'

describe('where a build pushes', () => {
  test.each([
    ['--destination=X', { image: kaniko, args: ['--destination=r:5000/app:1'] }, 'kaniko', ['r:5000/app:1']],
    [
      '--destination X',
      { image: kaniko, args: ['--destination', 'r:5000/app:1', '--insecure'] },
      'kaniko',
      ['r:5000/app:1'],
    ],
    ['-d X', { image: kaniko, args: ['-d', 'r:5000/app:1'] }, 'kaniko', ['r:5000/app:1']],
    [
      'several',
      { image: kaniko, args: ['--destination=a/b:1', '--destination=a/b:latest'] },
      'kaniko',
      ['a/b:1', 'a/b:latest'],
    ],
    [
      'another image',
      { image: 'busybox', command: ['sh', '-c', 'exit 1', 'executor'], args: ['--destination=a/b:1'] },
      'kaniko',
      ['a/b:1'],
    ],
    [
      'in a shell',
      { command: ['sh', '-c', "/kaniko/executor --context . --destination 'a/b:1' && echo done"] },
      'kaniko',
      ['a/b:1'],
    ],
    [
      'a variable of Kubernetes',
      { image: kaniko, args: ['--destination=$(IMAGE)'], env: [{ name: 'IMAGE', value: 'a/b:1' }] },
      'kaniko',
      ['a/b:1'],
    ],
    [
      'a variable of the shell',
      { command: ['sh', '-c', '/kaniko/executor --destination=${REG}/b:1'], env: [{ name: 'REG', value: 'r:5000' }] },
      'kaniko',
      ['r:5000/b:1'],
    ],
    ['an unknown variable stays', { image: kaniko, args: ['--destination=$(NOPE)'] }, 'kaniko', ['$(NOPE)']],
    [
      'BuildKit',
      {
        image: 'moby/buildkit',
        command: ['buildctl-daemonless.sh'],
        args: ['build', '--output', 'type=image,name=a/b:1,push=true'],
      },
      'buildkit',
      ['a/b:1'],
    ],
    [
      'BuildKit, several',
      { command: ['buildctl', 'build', '--output=type=image,"name=a/b:1,a/b:2",push=true'] },
      'buildkit',
      ['a/b:1', 'a/b:2'],
    ],
    [
      'Buildah',
      {
        image: 'quay.io/buildah/stable',
        command: ['sh', '-c', 'buildah bud -t app . && buildah push app docker://r.io/a/b:1'],
      },
      'buildah',
      ['r.io/a/b:1'],
    ],
    ['docker', { command: ['sh', '-c', 'docker build -t r.io/a:1 . ; docker push r.io/a:1'] }, 'docker', ['r.io/a:1']],
  ] as const)('%s', (_name, container, tool, destinations) => {
    expect(recogniseBuild(containerOf(container))).toMatchObject({ tool, destinations })
  })
})

test.each([
  ['an ordinary Job', { image: 'postgres:16', command: ['pg_dump', '-d', 'shop'] }],
  ['BuildKit that does not push', { command: ['buildctl', 'build', '--output', 'type=image,name=a/b:1'] }],
  ['a word in an argument', { command: ['echo', 'docker push'] }],
])('%s is none', (_name, container) => {
  expect(recogniseBuild(containerOf(container))).toBeUndefined()
})

test('a build that is told to push nothing', () => {
  expect(recogniseBuild(containerOf({ image: kaniko, args: ['--no-push', '--destination=a/b:1'] }))).toMatchObject({
    noPush: true,
  })
})

test('an init container builds as well', () => {
  const spec = resources.pods.schema.parse({
    metadata: { name: 'x' },
    spec: {
      initContainers: [{ name: 'build', image: kaniko, args: ['--destination=a/b:1'] }],
      containers: [{ name: 'main' }],
    },
  }).spec
  expect(recogniseBuild(spec)).toMatchObject({ container: 'build', destinations: ['a/b:1'] })
})

test.each([
  [`a 'b c' "d \\"e\\"" f\\ g`, ['a', 'b c', 'd "e"', 'f g']],
  ['a&&b;c', ['a', '&&', 'b', ';', 'c']],
  [`--x="y z"`, ['--x=y z']],
])('words of %s', (script, words) => {
  expect(shellWords(script)).toEqual(words)
})

test('any script has words', () => {
  fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (script) => Array.isArray(shellWords(script))))
})
