import { expect, test } from 'vitest'
import { createRun } from '../../../src/diagnosis/run.ts'
import type { Cluster } from '../../../src/kubernetes/cluster.ts'
import { resources } from '../../../src/kubernetes/resources.ts'
import { crashLog } from '../../../src/playbooks/image-pull/checks/crash.ts'
import { type ContainerPull, theCluster, thePod, thePull } from '../../../src/playbooks/image-pull/inputs.ts'
import { only } from '../../support/only.ts'

/** What is known of the last words of a container with this status and this log. */
async function lastWords(status: object, log: string | undefined) {
  const run = createRun({ signal: new AbortController().signal, defect: (_where, error) => expect.fail(String(error)) })
  theCluster.give(run, only<Cluster>({ logs: async () => log }))
  const pod = {
    metadata: { name: 'web-1', namespace: 'shop' },
    spec: { containers: [{ name: 'web', image: 'a:1' }] },
    status: { containerStatuses: [{ name: 'web', image: 'a:1', ...status }] },
  }
  thePod.give(run, resources.pods.schema.parse(pod))
  thePull.give(run, only<ContainerPull>({ container: 'web' }))
  return crashLog.ask(run)
}

test('a program that ran and ended: its log', async () => {
  expect(await lastWords({}, '/app: Exec format error')).toEqual({ known: true, value: '/app: Exec format error' })
})

test('a program that could not be started: the words of the runtime', async () => {
  const message = 'failed to create containerd task: failed to create shim task: exec: "/app": exec format error'
  const ended = { exitCode: 128, reason: 'StartError', message }
  expect(await lastWords({ lastState: { terminated: ended } }, undefined)).toEqual({ known: true, value: message })
})

test('another failure to start is not taken for its last words', async () => {
  const ended = { exitCode: 128, reason: 'StartError', message: 'no such file or directory' }
  expect(await lastWords({ lastState: { terminated: ended } }, undefined)).toEqual({ known: true, value: undefined })
})
