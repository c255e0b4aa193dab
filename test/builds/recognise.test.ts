import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCommands } from '../../src/builds/container/commands.ts'
import { readVariables } from '../../src/builds/container/variables.ts'
import { recogniseBuilds } from '../../src/builds/recognise.ts'
import { readShellScript } from '../../src/builds/shell/script.ts'
import { WordBudget } from '../../src/builds/shell/word-budget.ts'
import { resources } from '../../src/kubernetes/resources.ts'
import { cpuTime } from '../support/cpu-time.ts'

const containerOf = (of: object) => {
  const spec = { containers: [{ name: 'build', image: 'builder:1', ...of }] }
  return resources.pods.schema.parse({ metadata: { name: 'x' }, spec }).spec
}
const recogniseBuild = (spec: Parameters<typeof recogniseBuilds>[0]) => recogniseBuilds(spec).builds[0]
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
  [`a 'b c' "d \\"e\\"" f\\ g`, [['a', 'b c', 'd "e"', 'f g']]],
  ['a&&b;c', [['a'], ['b'], ['c']]],
  [`a --x="y z" # not this`, [['a', '--x=y z']]],
  ['a x > /dev/null 2>&1 | b', [['a', 'x'], ['b']]],
  ['T=1; a "$T-${U:-2}" $V', [['a', '1-2', '$V']]],
  [
    'for x in 1 2; do a r/$x; done',
    [
      ['a', 'r/1'],
      ['a', 'r/2'],
    ],
  ],
  ['L=(1 "2 3"); a "${L[@]}"', [['a', '1', '2 3']]],
  ['I=r.io/b/c:1; a ${I##*/} ${I%:*} ${I/b/d}', [['a', 'c:1', 'r.io/b/c', 'r.io/d/c:1']]],
  ['f() { a "$1"; }\nf 1', [['a', '1']]],
  ['cat > x <<EOF\na 1\nEOF\nb', [['cat'], ['b']]],
  [
    'a "$(date +%F)"',
    [
      ['date', '+%F'],
      ['a', '$(date +%F)'],
    ],
  ],
])('commands of %s', (script, commands) => {
  expect(readShellScript(script).commands.map(({ words }) => words)).toEqual(commands)
})

// Milliseconds of processor time; what is quadratic takes seconds with these.
const longest = 2_000

describe('hostile text', () => {
  const within = (work: () => unknown): void => {
    expect(cpuTime(work)).toBeLessThan(longest)
  }
  const pieces = [
    '$A',
    '--destination',
    '-d',
    '"',
    "'",
    '$(',
    '`',
    '${X:-',
    '}',
    ' push ',
    'docker push ',
    '(',
    '{',
    'f() {',
    '\\',
    '<<A\n',
    ';',
    '\n',
    '#',
    'for i in ',
    'A=',
    '//',
    'executor ',
  ]

  test.each(pieces)('of %j', (piece) => {
    const script = piece.repeat(Math.ceil(1_500_000 / piece.length))
    const env = [{ name: 'A', value: 'x'.repeat(100_000) }]
    within(() => recogniseBuild(containerOf({ image: kaniko, args: [script], env })))
    within(() => recogniseBuild(containerOf({ command: ['sh', '-c', script], env })))
    within(() => recogniseBuild(containerOf({ image: kaniko, args: Array.from({ length: 40_000 }, () => piece), env })))
  })

  test('of any kind has an end, and says that it was cut', () => {
    const script = fc.array(fc.constantFrom(...pieces), { maxLength: 3_000 }).map((it) => it.join(''))
    fc.assert(
      fc.property(script, (it) => {
        within(() => readShellScript(it))
      }),
      { numRuns: 50 },
    )
    expect(recogniseBuilds(containerOf({ image: kaniko, args: Array.from({ length: 24_000 }, () => 'x') })).cut).toBe(
      true,
    )
  })

  const scripts: Readonly<Record<string, string>> = {
    'variables of many words': 'docker build -t $A .;'.repeat(62),
    loops: 'for i in a b c d e f g h;do docker push r/$i/$X;done;'.repeat(20),
    functions: `f(){ docker push $1 $2 $3; };${'f a b c;'.repeat(150)}`,
    'scripts in scripts': 'sh -c "sh -c \\"sh -c a; docker push a\\";docker push b";'.repeat(20),
  }

  test.each(Object.entries(scripts))('in fifty containers: %s are read up to a number of words', (_name, script) => {
    const container = { command: ['sh', '-c', script], env: [{ name: 'A', value: 'x '.repeat(1_000) }] }
    const { containers, volumes } = resources.pods.schema.parse({
      metadata: { name: 'x' },
      spec: { containers: Array.from({ length: 50 }, (_, index) => ({ name: `c${index}`, ...container })) },
    }).spec
    const budget = new WordBudget(12_000)
    const sources = { configMaps: new Map(), volumes, files: new Map(), room: 65_536, budget }
    const pod = { namespace: '', labels: {}, annotations: {} }
    const read = containers.map((it) => readCommands(it, readVariables(it, new Map(), { pod, budget }), sources))
    const words = read.flatMap(({ commands }) => commands.flatMap((it) => it.words))
    expect(words.length).toBeLessThan(12_000)
    expect(read.some(({ cut }) => cut)).toBe(true)
    expect(recogniseBuilds({ containers, volumes, initContainers: [] })).toMatchObject({ cut: true })
  })

  test('a variable that doubles itself', () => {
    const script = `A=${'x'.repeat(100)};${'A="$A$A";'.repeat(5_000)} docker push r/$A`
    within(() => readShellScript(script))
  })
})
