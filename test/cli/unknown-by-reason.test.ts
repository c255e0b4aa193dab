import pc from 'picocolors'
import { expect, test } from 'vitest'
import { diagnosisText } from '../../src/cli/render/text.ts'
import { detailParts } from '../../src/slack/blocks/details.ts'
import { plain } from '../../src/text.ts'
import { containerOf, diagnosisOf, freshIncident } from '../support/incident-samples.ts'

const away = 'r.test could not be asked: its name does not resolve'
const refused = 'not allowed (list jobs)'
const causes = ['tag-missing', 'repository-missing', 'digest-missing', 'blob-missing', 'stale-backoff']
const diagnosis = diagnosisOf({
  failing: [
    containerOf({
      undetermined: [
        ...causes.map((cause) => ({ cause, reason: away })),
        { cause: 'build-failed', reason: refused },
        { cause: 'build-running', reason: refused },
      ],
    }),
  ],
  observations: [
    ...['manifest', 'tags'].map((check) => ({ check, known: false, reason: away, ms: 1 })),
    { check: 'builds', known: false, reason: refused, ms: 1 },
  ],
})

test('the text for a terminal says each reason once, first where it hides many causes', () => {
  const lines = diagnosisText(diagnosis, undefined, pc.createColors(false)).split('\n')
  const part = (title: string) => lines.slice(lines.indexOf(title) + 1, lines.indexOf('', lines.indexOf(title)))
  expect(part('Not verified')).toEqual([
    `  • ${away} (5 causes: tag-missing, repository-missing, digest-missing and 2 more)`,
    `  • build-failed, build-running: ${refused}`,
  ])
  expect(part('Not checked')).toEqual([`  • manifest, tags: ${away}`, `  • builds: ${refused}`])
})

test('the details in Slack have one line a reason, and name everything', () => {
  const incident = freshIncident({ state: 'open', diagnosis })
  const lines = detailParts(incident).find(({ title }) => title === 'Not checked')?.lines ?? []
  expect(lines.map((line) => ('words' in line ? plain(line.words) : ''))).toEqual([
    `${away}: manifest, tags, whether it is tag-missing, repository-missing, digest-missing, blob-missing or stale-backoff`,
    `builds, whether it is build-failed or build-running: ${refused}`,
  ])
})
