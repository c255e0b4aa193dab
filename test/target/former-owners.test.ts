import { expect, test } from 'vitest'
import { formerOwners } from '../../src/target/owner.ts'

test.each([
  ['my-app-5d9cf86b95-26kvf', ['deployments/my-app', 'jobs/my-app-5d9cf86b95', 'daemonsets/my-app-5d9cf86b95']],
  ['cortex-chat-backend-simple-bd8b78cbd-rnwjt', ['deployments/cortex-chat-backend-simple']],
  ['db-2', ['statefulsets/db']],
  ['node-agent-x2k9d', ['jobs/node-agent', 'daemonsets/node-agent', 'replicasets/node-agent']],
  ['nightly-29284560-x2k9d', ['cronjobs/nightly', 'jobs/nightly-29284560']],
  ['indexed-3-x2k9d', ['jobs/indexed', 'jobs/indexed-3']],
])('%s was of one of', (pod, expected) => {
  const found = formerOwners(pod).map(({ kind, name }) => `${kind}/${name}`)
  expect(found.filter((it) => expected.includes(it))).toEqual(expected)
})

test.each(['web', 'my-redis', 'web-prod', 'my-app-', '26kvf', '-26kvf', '-0'])('%s has no generated part', (name) => {
  expect(formerOwners(name).filter((it) => it.name !== '')).toEqual([])
})
