import { describe, expect, test } from 'vitest'
import { readObjects } from '../../src/preflight/manifests/objects.ts'
import { pullsOf } from '../../src/preflight/pulled-images.ts'
import { wouldBePods } from '../../src/preflight/would-be-pods.ts'

function read(text: string) {
  const { objects, unreadable } = readObjects([{ name: 'a.yaml', text }])
  const would = wouldBePods(objects, 'default')
  const images = would.pods.flatMap((it) =>
    pullsOf(it.pod).map(
      ({ image, container, role, volume }) =>
        `${it.kind}/${it.name} ${it.pod.metadata.namespace} ${volume ? `volume ${volume}` : `${role} ${container}`} ${image}`,
    ),
  )
  return { images, would, unreadable: [...unreadable, ...would.unreadable] }
}

const spec = 'containers: [{name: c, image: "a:1"}]'

describe('pods are found in', () => {
  test.each([
    ['a Pod', `{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {${spec}}}`],
    [
      'a CronJob',
      `{apiVersion: batch/v1, kind: CronJob, metadata: {name: x}, spec: {jobTemplate: {spec: {template: {spec: {${spec}}}}}}}`,
    ],
    ['a PodTemplate', `{apiVersion: v1, kind: PodTemplate, metadata: {name: x}, template: {spec: {${spec}}}}`],
    [
      'an Argo Rollout',
      `{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: x}, spec: {template: {spec: {${spec}}}}}`,
    ],
    [
      'a kind that nobody knows',
      `{apiVersion: a.test/v1, kind: Fleet, metadata: {name: x}, spec: {pools: [{pod: {spec: {${spec}}}}]}}`,
    ],
    [
      'a List in a List',
      `{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: PodList, items: [{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {${spec}}}]}]}`,
    ],
    [
      'JSON',
      `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"spec":{"containers":[{"name":"c","image":"a:1"}]}}`,
    ],
    ['an alias', `apiVersion: v1\nkind: Pod\nmetadata: {name: x, labels: &l {a: b}, annotations: *l}\nspec: {${spec}}`],
    [
      'what kubectl printed, with nulls',
      `{apiVersion: v1, kind: Pod, metadata: {name: x, creationTimestamp: null}, spec: {${spec}, initContainers: null, nodeSelector: null}, status: {}}`,
    ],
  ])('%s', (_name, text) => {
    const { images, unreadable } = read(text)
    expect(images.map((it) => it.replace(/^\w+/, 'Kind'))).toEqual(['Kind/x default container c a:1'])
    expect(unreadable).toEqual([])
  })

  test('every place of a pod that names an image', () => {
    const { images } = read(`
apiVersion: v1
kind: Pod
metadata: { name: x, namespace: shop }
spec:
  initContainers: [{ name: i, image: "i:1" }]
  containers: [{ name: c, image: "c:1" }]
  ephemeralContainers: [{ name: e, image: "e:1" }]
  volumes: [{ name: data, image: { reference: "v:1" } }, { name: cache, emptyDir: {} }]
`)
    expect(images).toEqual([
      'Pod/x shop init i i:1',
      'Pod/x shop container c c:1',
      'Pod/x shop ephemeral e e:1',
      'Pod/x shop volume data v:1',
    ])
  })

  test('Tekton steps and Argo Workflows, with the settings around them', () => {
    const { images, would } = read(`
apiVersion: tekton.dev/v1
kind: Task
metadata: { name: t }
spec: { steps: [{ image: "s:1" }, { name: two, image: "s:2" }] }
---
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { generateName: w- }
spec:
  imagePullSecrets: [{ name: regcred }]
  templates: [{ name: a, container: { image: "w:1" } }, { name: b, script: { image: "w:2", source: "x" } }]
`)
    expect(images).toEqual([
      'Task/t default container step-0 s:1',
      'Task/t default container two s:2',
      'Workflow/w- default container main w:1',
      'Workflow/w- default container main w:2',
    ])
    expect(would.pods.at(-1)?.pod.spec.imagePullSecrets).toEqual([{ name: 'regcred' }])
  })
})

test('what makes no pod is counted, and what is no object is left out', () => {
  const { would, images } = read(`
replicas: 2
image: { repository: a }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: c }
data: { pod: "containers: []" }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: d }
spec: { containers: [{ name: c, image: "a:1" }] }
---
apiVersion: v1
kind: Service
metadata: { name: s }
`)
  expect(images).toEqual([])
  expect(Object.fromEntries(would.skipped)).toEqual({ ConfigMap: 1, CustomResourceDefinition: 1, Service: 1 })
})

test("an image that a service mesh's webhook writes is no image", () => {
  const gateway = (annotations: string) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: x, annotations: {${annotations}}}, spec: {containers: [{name: p, image: auto}]}}`
  const template = (annotations: string) =>
    `{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {template: ${gateway(annotations)}}}`
  expect(read(template('inject.istio.io/templates: gateway')).images).toEqual([])
  expect(read(template('a: b')).images).toHaveLength(1)
})

test('what cannot be read is told with its line, and spoils nothing beside it', () => {
  const { images, unreadable } = read(`
apiVersion: v1
kind: Pod
metadata: { name: x }
spec: { ${spec} }
---
{{- if .Values.web }}
---
apiVersion: v1
kind: Pod
metadata: { name: y }
spec: { containers: [{ name: c, image: "a:1", args: "one" }] }
`)
  expect(images).toHaveLength(1)
  expect(unreadable).toEqual([
    expect.objectContaining({ line: 7 }),
    expect.objectContaining({ why: expect.stringContaining('Pod y: spec.containers.0.args') }),
  ])
})

test('what helm rendered is placed in the template that it came from', () => {
  const { would } = read(`---
# Source: shop/templates/web.yaml
apiVersion: v1
kind: Pod
metadata: { name: x }
spec: { ${spec} }
`)
  expect(would.pods[0]?.placeOf('c')).toEqual({ file: 'shop/templates/web.yaml' })
})
