import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineCounter, parseDocument, Scalar, stringify } from 'yaml'
import { parseManifest, type ShownText, shownText } from '../../src/gitops/documents.ts'

function shown(text: string): ShownText {
  const lines = new LineCounter()
  const document = parseManifest(text, lines)
  if (!document) throw new Error('it is not YAML')
  return shownText(text, document, lines)
}

test('what a manifest is made of stays, and what anybody may write in it does not', () => {
  const text = `kind: Deployment
metadata:
  labels: { app: web }
  annotations: { name: hunter2, port: 7 }
spec:
  replicas: 2
  hostNetwork: true
  containers:
  - image: "shop/web:1.4" # password=hunter2
    args: [--login, *login]
    env:
    - name: A
      value: |
        hunter2

        hunter2
    - { name: B, value: 'hunter2
          and more' }
`
  expect(shown(text.replace('metadata:', 'metadata: # &\n  x: &login hunter2'))).toEqual({
    text: `kind: Deployment
metadata: # &
  x: &login hidden
  labels: { app: web }
  annotations: { name: hidden, port: hidden }
spec:
  replicas: 2
  hostNetwork: true
  containers:
  - image: "shop/web:1.4" # password=[redacted]
    args: [hidden, *login]
    env:
    - name: A
      value: hidden



    - { name: B, value: hidden
 }
`,
    hidden: [3, 5, 10, 11, 14, 15, 16, 17, 18, 19],
  })
})

const types = [
  Scalar.PLAIN,
  Scalar.QUOTE_DOUBLE,
  Scalar.QUOTE_SINGLE,
  Scalar.BLOCK_FOLDED,
  Scalar.BLOCK_LITERAL,
] as const
const around = fc.string({
  unit: fc.constantFrom('a', ' ', '\n', ':', '#', '"', "'", '-', '{', ']', '\\'),
  maxLength: 12,
})

test('however a value is written, it is not shown, and the lines around it are where they were', () => {
  fc.assert(
    fc.property(
      around,
      around,
      fc.constantFrom(...types),
      fc.boolean(),
      fc.constantFrom(20, 80),
      (a, b, type, flow, lineWidth) => {
        const document = parseDocument(
          stringify({ spec: { env: [{ name: 'A', value: 'x' }], args: ['x'] }, kind: 'Job' }),
        )
        for (const path of [
          ['spec', 'env', 0, 'value'],
          ['spec', 'args', 0],
        ]) {
          const scalar = new Scalar(`${a}hunter2${b}`)
          scalar.type = type
          document.setIn(path, scalar)
        }
        const env = document.getIn(['spec', 'env', 0])
        if (flow && typeof env === 'object' && env) Object.assign(env, { flow: true })
        const text = document.toString({ lineWidth })
        fc.pre(parseManifest(text) !== undefined) // the library writes some plain texts that it cannot read
        const { text: safe, hidden } = shown(text)
        expect(safe).not.toContain('hunter2')
        const lines = safe.split('\n')
        for (const [index, line] of text.split('\n').entries())
          if (!hidden.includes(index + 1)) expect(lines[index]).toBe(line)
        expect(lines).toHaveLength(text.split('\n').length)
      },
    ),
  )
})
