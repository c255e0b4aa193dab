import type { Suggestion } from '../demo/page/scene.ts'
import type { Sample } from '../demo/sample/start-sample.ts'
import { situationTitle } from './situation-title.ts'

/** What the page offers to ask. Without a sample: what fits to any cluster. */
export function demoSuggestions(sample: Sample | undefined): readonly Suggestion[] {
  const overview = {
    label: 'What is stuck?',
    text: '/imagepull',
    says: 'Everything that cannot pull now, to choose from',
  }
  const own = sample?.situations.map(({ name, target, shows }) => ({
    label: situationTitle(name),
    text: `/imagepull ${target}`,
    says: shows,
  }))
  return [overview, ...(own ?? []), { label: 'Help', text: '/imagepull help', says: 'How to ask' }]
}
