import { applyPatch } from 'diff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { type Change, type Diff, diffOf } from '../../src/gitops/diff.ts'
import { fileOf } from '../../src/gitops/files.ts'
import { plain } from '../../src/text.ts'
import { checkout } from './checkout.ts'

const path = 'apps/shop/web-deployment.yaml'

/** Through a real file, as it is used. */
async function diff(content: string, change: Change, kind = 'Deployment'): Promise<Diff> {
  using git = checkout({ [path]: content })
  const file = await fileOf({ kind, namespace: 'shop', name: 'web' }, [path], git.directory)
  if (file.status !== 'found') throw new Error(`the file is ${file.status}`)
  return diffOf(file, change)
}

async function patchOf(content: string, change: Change, kind?: string): Promise<string> {
  const result = await diff(content, change, kind)
  return result.kind === 'patch' ? result.patch : JSON.stringify(result)
}

async function refusalOf(content: string, change: Change, kind?: string): Promise<string> {
  const result = await diff(content, change, kind)
  return result.kind === 'refused' ? plain(result.because) : result.kind
}

const image = { field: 'image', container: 'app', from: 'shop/web:1.4', to: 'shop/web:1.5' } as const
const pullSecret = { field: 'imagePullSecrets', add: 'regcred' } as const

const head = 'kind: Deployment\nmetadata: { name: web }\n'
/** A Deployment from the lines of its pod's spec. */
const deployment = (...spec: readonly string[]): string =>
  [`${head}spec:`, '  template:', '    spec:', ...spec.map((line) => `      ${line}`), ''].join('\n')
const pod = deployment('containers:', '- name: app', '  image: shop/web:1.4')

const commented = `# The shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name:   web   # as the team is called
spec:
    replicas: 2

    template:
        spec:
            initContainers:
                - {name: migrate, image: "shop/migrate:1.4"}
            containers:
                # the shop itself
                - name: app
                  image:  'shop/web:1.4'   # pinned, see the runbook
                  ports: [ {containerPort: 80} ]
`

describe('an image', () => {
  test('is replaced where it stands, and nothing else is', async () => {
    expect(await patchOf(commented, image)).toBe(`--- a/${path}
+++ b/${path}
@@ -13,5 +13,5 @@
             containers:
                 # the shop itself
                 - name: app
-                  image:  'shop/web:1.4'   # pinned, see the runbook
+                  image:  'shop/web:1.5'   # pinned, see the runbook
                   ports: [ {containerPort: 80} ]
`)
  })

  test('of an init container, in a flow and in double quotes', async () => {
    const change = { ...image, container: 'migrate', from: 'shop/migrate:1.4', to: 'ghcr.io/shop/migrate@sha256:0a' }
    expect(await patchOf(commented, change)).toContain(
      '+                - {name: migrate, image: "ghcr.io/shop/migrate@sha256:0a"}\n',
    )
  })

  test('in a later document: the line numbers are the file’s', async () => {
    const patch = await patchOf(`kind: Service\nmetadata: { name: web }\n---\n${pod}`, image)
    expect(patch).toContain('@@ -8,4 +8,4 @@')
  })

  test('on the last line of a document, the separator shows where it ends', async () => {
    const patch = await patchOf(`${pod}---\nkind: Secret\nstringData: { password: hunter2 }\n`, image)
    expect(patch).toMatch(/\n-.*shop\/web:1\.4\n\+.*shop\/web:1\.5\n ---\n$/)
  })

  test('on the last line of a file that does not end it', async () => {
    expect(await patchOf(pod.trimEnd(), image)).toMatch(
      /1\.4\n\\ No newline at end of file\n\+.*1\.5\n\\ No newline at end of file\n$/,
    )
  })

  test('in a file of Windows', async () => {
    const content = pod.replaceAll('\n', '\r\n')
    const patch = await patchOf(content, image)
    expect(applyPatch(content, patch, { autoConvertLineEndings: false })).toBe(content.replace('1.4', '1.5'))
  })

  test.each([
    ['Pod', 'kind: Pod\nmetadata: { name: web }\nspec:\n  containers: [{ name: app, image: shop/web:1.4 }]\n'],
    ['Job', pod.replace('Deployment', 'Job')],
    [
      'CronJob',
      'kind: CronJob\nmetadata: { name: web }\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers: [{ name: app, image: shop/web:1.4 }]\n',
    ],
  ])('of a %s', async (kind, content) => {
    expect(await patchOf(content, image, kind)).toContain('\n+')
  })

  test('that is there already', async () => {
    expect(await diff(pod, { ...image, to: 'shop/web:1.4' })).toEqual({ kind: 'unchanged' })
  })

  test('that YAML would read as a number is quoted', async () => {
    expect(await patchOf(pod, { ...image, to: '1234' })).toContain('+        image: "1234"\n')
  })

  test.each<[string, string, Partial<typeof image>, string]>([
    ['an unknown container', pod, { container: 'api' as 'app' }, 'it sets no image for the container api'],
    [
      'an image that the cluster does not have',
      pod,
      { from: 'shop/web:1.3' as never },
      'it has shop/web:1.4, but the cluster has shop/web:1.3',
    ],
    ['no image to write', pod, { to: 'shop/web:1.5\n  evil: true' as never }, 'is not a valid image'],
    ['an anchor', pod.replace('image: ', 'image: &image '), {}, 'its image is a YAML anchor that other fields share'],
    [
      'an alias',
      pod.replace('image: shop/web:1.4', 'image: *image').replace('web }', 'web }\nx: &image shop/web:1.4'),
      {},
      'it sets no image',
    ],
    ['a block', pod.replace('shop/web:1.4', '>-\n          shop/web:1.4'), {}, 'its image is a YAML block scalar'],
    ['a template', pod.replace('shop/web:1.4', '{{ image }}'), {}, 'it sets no image'],
    ['no pod', head, {}, 'it contains no pod'],
    ['a pod that is a word', `${head}spec: { template: web }\n`, {}, 'it contains no pod'],
  ])('refused: %s', async (_name, content, change, because) => {
    expect(await refusalOf(content, { ...image, ...change })).toContain(because)
  })
})

describe('a pull secret', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'the first, below spec',
      ['# runs anywhere', 'containers:', '- name: app'],
      ['imagePullSecrets:', '- name: regcred'],
    ],
    ['in the style of the containers', ['containers:', '  - name: app'], ['imagePullSecrets:', '  - name: regcred']],
    ['containers in a flow', ['containers: [{ name: app }]'], ['imagePullSecrets:', '  - name: regcred']],
    ['after another', ['imagePullSecrets:', '- name: a # ours', '', 'containers: []'], ['- name: regcred']],
    [
      'after another in a flow of its own',
      ['imagePullSecrets:', '  - { name: a } # ours', 'containers: []'],
      ['  - name: regcred'],
    ],
    ['at the end of the file', ['containers: []', 'imagePullSecrets:', '- name: a'], ['- name: regcred']],
  ])('%s', async (_name, spec, added) => {
    const patch = await patchOf(deployment(...spec), pullSecret)
    const changed = patch
      .split('\n')
      .slice(2)
      .filter((line) => /^[+-]/.test(line))
    expect(changed).toEqual(added.map((line) => `+      ${line}`))
  })

  test.each([
    ['after others', 'imagePullSecrets: [{ name: a }]', 'imagePullSecrets: [{ name: a }, { name: regcred }]'],
    ['in an empty list', 'imagePullSecrets: []', 'imagePullSecrets: [{ name: regcred }]'],
  ])('in a flow, %s', async (_name, before, after) => {
    expect(await patchOf(deployment('containers: []', before), pullSecret)).toContain(
      `-      ${before}\n+      ${after}\n`,
    )
  })

  test('in a pod that is a flow', async () => {
    expect(await patchOf(`${head}spec: { template: { spec: { containers: [] } } }\n`, pullSecret)).toContain(
      '+spec: { template: { spec: { imagePullSecrets: [{ name: regcred }], containers: [] } } }\n',
    )
  })

  test('in a file that does not end its last line', async () => {
    const content = deployment('imagePullSecrets:', '- name: a').trimEnd()
    expect(applyPatch(content, await patchOf(content, pullSecret))).toBe(`${content}\n      - name: regcred`)
  })

  test('in a file of Windows', async () => {
    const content = pod.replaceAll('\n', '\r\n')
    expect(await patchOf(content, pullSecret)).toContain('+      imagePullSecrets:\r\n+      - name: regcred\r\n')
  })

  test('that is there already', async () => {
    expect(await diff(deployment('imagePullSecrets:', '- name: regcred'), pullSecret)).toEqual({ kind: 'unchanged' })
  })

  test.each([
    ['no name', pod, { ...pullSecret, add: '../regcred' }, '../regcred is not a valid name of a Secret'],
    ['no list', deployment('imagePullSecrets: regcred'), pullSecret, 'its imagePullSecrets are not a list'],
    [
      'an anchor',
      deployment('imagePullSecrets: &all', '- name: a'),
      pullSecret,
      'its imagePullSecrets are a YAML anchor',
    ],
  ])('refused: %s', async (_name, content, change, because) => {
    expect(await refusalOf(content, change)).toContain(because)
  })
})

describe('no secret is shown', () => {
  test('a Secret itself', async () => {
    expect(await refusalOf('kind: Secret\nmetadata: { name: web }\n', image, 'Secret')).toBe(
      'it is a Secret, and imagepull does not show Secrets',
    )
  })

  test.each<[string, readonly string[]]>([
    ['the value of a variable', ['  env:', '  - name: DATABASE_URL', '    value: hunter2']],
    ['an argument', ['  args: [--login, hunter2]']],
    ['a block of text', ['  command:', '  - sh', '  - |', '    hunter2', '    hunter2']],
    ['a text over two lines', ['  args:', '  - login', '    hunter2']],
    ['a comment', ['  # password=hunter2']],
    ['a flow over two lines', ['  env: [{ name: A,', '    value: hunter2 }]']],
    ['a key that is shown, where it is data', ['  annotations: { name: hunter2 }']],
  ])('%s', async (_name, lines) => {
    const content = deployment('containers:', '- name: app', '  image: shop/web:1.4', ...lines)
    const patch = await patchOf(content, image)
    expect(patch).toContain('+        image: shop/web:1.5\n')
    expect(patch).not.toContain('hunter2')
    expect(applyPatch(content, patch)).toBe(content.replace('1.4', '1.5'))
  })

  test('a secret on the line of the image: there is no patch', async () => {
    const content = deployment('containers: [{ name: app, image: shop/web:1.4, env: [{ name: A, value: hunter2 }] }]')
    expect(await refusalOf(content, image)).toBe('the line to change also holds a value that imagepull does not show')
  })

  test('another document of the file', async () => {
    const secret = 'kind: Secret\nmetadata: { name: web }\nstringData:\n  a: hunter2\n'
    expect(await patchOf(`${secret}---\n${pod}---\n${secret}`, image)).not.toContain('hunter2')
  })
})

const filler = fc.constantFrom(
  '',
  '# why',
  'restartPolicy: Always',
  'hostNetwork: true',
  'volumes: [{ name: a }]',
  'serviceAccountName: web',
  'nodeSelector: { a: b }',
)
const fillers = fc.uniqueArray(filler, { maxLength: 6 })
const secrets = fc.constantFrom(
  [],
  ['imagePullSecrets: []'],
  ['imagePullSecrets:', '- name: a'],
  ['imagePullSecrets: [ { name: a } ]'],
)

test('a patch applies, and changes what it is to change and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fillers, fillers, fillers, secrets, fc.boolean(), async (above, between, below, list, isImage) => {
      const unique = (lines: readonly string[], not: readonly string[]) =>
        lines.filter((it) => it === '' || it.startsWith('#') || !not.includes(it))
      const spec = [
        ...above,
        'containers:',
        '- name: app',
        '  image: shop/web:1.4',
        ...unique(between, above),
        ...list,
        ...unique(below, [...above, ...between]),
      ]
      const content = `kind: Service\n---\n${deployment(...spec)}---\nkind: Service\n`
      const patched = applyPatch(content, await patchOf(content, isImage ? image : pullSecret))
      expect(patched).not.toBe(false)
      const [, before] = parseAllDocuments(content).map((it) => it.toJS())
      const [, after] = parseAllDocuments(String(patched)).map((it) => it.toJS())
      const wanted = before.spec.template.spec
      if (isImage) wanted.containers[0].image = 'shop/web:1.5'
      else wanted.imagePullSecrets = [...(wanted.imagePullSecrets ?? []), { name: 'regcred' }]
      expect(after).toEqual(before)
      for (const line of content.split('\n').filter((it) => it.includes('# why'))) expect(patched).toContain(line)
    }),
  )
})
