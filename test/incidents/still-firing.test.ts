import { expect, test } from 'vitest'
import type { Alert } from '../../src/incidents/alert.ts'
import { livePosts } from '../../src/incidents/still-firing.ts'

const ended: Alert = {
  ...{ by: 'post', name: 'KubePodNotReady', of: 'b', cluster: '', firing: false, severity: 'warning', labels: {} },
  target: { about: 'words', words: ['shop'], several: true },
  since: '2026-11-25T03:20:00.000Z',
}
const at = (time: string) => ({ channel: 'C0INCIDENT', ts: `${Date.parse(time) / 1_000}.000100` })
const before = at('2026-11-25T03:10:00Z')
const after = at('2026-11-25T03:30:00Z')

test.each([
  ['nothing is over', [], [before, after], [before, after]],
  ['it was over between them', [ended], [before, after], [after]],
  ['it is over for a rule of Alertmanager alone', [{ ...ended, by: 'alertmanager' as const }], [before], [before]],
])('%s', (_of, heard, posts, live) => {
  expect(livePosts({ heard, posts })).toEqual(live)
})
