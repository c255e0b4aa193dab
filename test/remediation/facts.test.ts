import { expect, test } from 'vitest'
import { childRun, createRun } from '../../src/diagnosis/run.ts'
import { owner } from '../../src/playbooks/image-pull/checks/owner.ts'
import { manifest } from '../../src/playbooks/image-pull/checks/registry.ts'
import { readActionFacts } from '../../src/remediation/facts.ts'
import { containerOf, diagnosisOf } from '../support/incident-samples.ts'

/** Two containers of one pod, where each run answers from what was saved for it. */
async function answered() {
  const saved: Readonly<Record<string, unknown>> = {
    ' owner': { kind: 'Deployment', name: 'web' },
    '/pod owner': { kind: 'Deployment', name: 'web' },
  }
  const root = createRun({
    signal: new AbortController().signal,
    defect: () => undefined,
    recall: (path, id) =>
      `${path} ${id}` in saved
        ? { known: true, value: saved[`${path} ${id}`] }
        : { known: false, reason: 'not among the saved facts' },
  })
  const run = childRun(root, 'pod')
  await owner.ask(run)
  return run
}

test('an action sees what the checks of its run answered, and nothing is there that nobody asked', async () => {
  const run = await answered()
  const facts = readActionFacts({ diagnosis: diagnosisOf({ failing: [containerOf()] }), run })
  expect(facts?.owner).toEqual({ known: true, value: { kind: 'Deployment', name: 'web' } })
  expect(manifest.answerIn(run)).toBeUndefined()
  expect(facts?.manifest).toEqual({ known: false, reason: 'it was not checked' })
})

test('a subject without a pod has no facts, and nothing that fails needs no action', () => {
  const facts = readActionFacts({ diagnosis: diagnosisOf({ failing: [containerOf()] }) })
  expect(facts?.owner).toEqual({ known: false, reason: 'it was not checked' })
  expect(readActionFacts({ diagnosis: diagnosisOf({ failing: [] }) })).toBeUndefined()
})
