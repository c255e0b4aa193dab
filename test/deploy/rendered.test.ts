import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import manifest from '../../package.json' with { type: 'json' }
import { configurationSchema } from '../../src/config/configuration.ts'
import { leastValues, renderText, whyNoHelm } from '../support/helm.ts'

if (whyNoHelm && process.env.REQUIRE_ALL) throw new Error(whyNoHelm)
if (whyNoHelm) console.log(`skipped: ${whyNoHelm}`)

const note = '# Rendered from deploy/chart by: npx vitest run --project unit test/deploy --update'
const digest = `sha256:${'0'.repeat(64)}`
const actions = [
  'delete-stuck-pod',
  'delete-stuck-pods',
  'rerun-build',
  'create-build',
  'restart-registry',
  'roll-back',
]

/** Without what only Helm reads. */
function plain(text: string): string {
  return text
    .replaceAll(/^ +annotations:\n +helm\.sh\/resource-policy: .*\n/gm, '')
    .replaceAll(/^# Source: .*\n| +(?:helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n|^ *\n/gm, '')
    .replaceAll(/(?:^---\n)+/gm, '---\n')
    .replace(/^---\n/, '')
    .replace(/---\n$/, '')
}

function shown(template: string, values: object): string {
  return plain(renderText({ ...leastValues, ...values }, ['--show-only', `templates/${template}.yaml`]))
}

describe.skipIf(whyNoHelm)('files for kubectl are what the chart renders', () => {
  test('kubernetes.yaml', async () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: imagepull\n---\n'
    const text = `${note}
# One process that only reads, with Socket Mode. Replace the image and the channel, and create the Secret with the tokens:
#
#   kubectl -n imagepull create secret generic imagepull \\
#     --from-literal=SLACK_BOT_TOKEN=xoxb-… --from-literal=SLACK_APP_TOKEN=xapp-…
#
# deploy/install.md explains more; the chart does everything else.
${namespace}${plain(renderText(leastValues, ['--skip-tests']))}`
    await expect(text).toMatchFileSnapshot('../../deploy/kubernetes.yaml')
  })

  test('rbac-readonly.yaml', async () => {
    const roles = shown('rbac-readonly', { rbac: { bind: false, secrets: { enabled: true } } })
    const text = `${note}
#
# Bind imagepull-readonly to the ServiceAccount or group that runs imagepull. Bind imagepull-pull-secrets with a RoleBinding, only
# in namespaces where you want that.

${roles}`
    await expect(text).toMatchFileSnapshot('../../deploy/rbac-readonly.yaml')
  })

  test('rbac-actions.yaml', async () => {
    const on = Object.fromEntries(actions.map((it) => [it, { enabled: true }]))
    const values = {
      rbac: { bind: false, actions: on },
      nodeProbe: { enabled: true },
      image: { repository: 'registry.example/imagepull', digest },
    }
    // The chart makes the last one a Role of the probe's namespace.
    const roles = shown('rbac-actions', values).replace(
      /kind: Role\nmetadata:\n {2}name: imagepull-test-from-node\n {2}namespace: .*\n/,
      'kind: ClusterRole\nmetadata:\n  name: imagepull-test-from-node\n',
    )
    const text = `${note}
#
# The rights of imagepull's actions, in addition to deploy/rbac-readonly.yaml. Without its role, a button is hidden, and
# \`imagepull doctor\` reports it. Bind each role only in the namespaces where you want the action:
#
#   kubectl -n shop create rolebinding imagepull-delete-pods --clusterrole=imagepull-delete-pods --serviceaccount=imagepull:imagepull
#
# "permissions" in the configuration decides who in Slack may press the button.

${roles}`
    await expect(text).toMatchFileSnapshot('../../deploy/rbac-actions.yaml')
  })

  test('probe-namespace.yaml', async () => {
    const values = { nodeProbe: { enabled: true }, image: { repository: 'registry.example/imagepull', digest } }
    await expect(`${note}\n\n${shown('probe-namespace', values)}`).toMatchFileSnapshot(
      '../../deploy/probe-namespace.yaml',
    )
  })

  test('prometheus-rule.yaml', async () => {
    const text = shown('monitoring', { prometheusRule: { enabled: true } })
    await expect(`${note}\n${text}`).toMatchFileSnapshot('../../deploy/prometheus-rule.yaml')
  })
})

test('the chart has the version of the package', () => {
  const { version, appVersion } = parse(readFileSync(new URL('../../deploy/chart/Chart.yaml', import.meta.url), 'utf8'))
  expect({ version, appVersion }).toEqual({ version: manifest.version, appVersion: manifest.version })
})

test('the chart has the dashboard', async () => {
  const dashboard = readFileSync(new URL('../../deploy/dashboard.json', import.meta.url), 'utf8')
  await expect(dashboard).toMatchFileSnapshot('../../deploy/chart/files/dashboard.json')
})

test('the schema of the values knows the configuration', async () => {
  const file = '../../deploy/chart/values.schema.json'
  const schema = z
    .looseObject({ properties: z.looseObject({}) })
    .parse(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')))
  const { $schema: _, ...config } = z.toJSONSchema(configurationSchema, { io: 'input', target: 'draft-7' })
  const text = JSON.stringify({ ...schema, properties: { ...schema.properties, config } }, undefined, 2)
  await expect(`${text}\n`).toMatchFileSnapshot(file)
})
