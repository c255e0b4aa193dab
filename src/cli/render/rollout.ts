import type { Diagnosis } from '../../playbooks/image-pull/model.ts'
import type { RolloutEnd, RolloutEvent } from '../../rollout/await-rollout.ts'
import { redact } from '../../secret.ts'
import { visible } from '../../text.ts'
import type { ExitCode } from '../errors.ts'
import { chainJson, verdictJson } from './json.ts'
import { type Colors, diagnosisText, sentence } from './text.ts'

/** How a rollout is told of: as it happens, and at its end. Each text has its line break. */
export interface RolloutRenderer {
  event(of: RolloutEvent): string
  end(of: RolloutEnd, exitCode: ExitCode): string
}

/** For people. `subject`: `deployment shop/web`. */
export function textRollout(subject: string, colors: Colors): RolloutRenderer {
  return {
    event(of) {
      if (of.type === 'progress') return `${subject}: ${sentence(of.says)}\n`
      if (of.type === 'unseen') return `${colors.yellow('?')} ${sentence(of.says)}\n`
      if (of.type === 'pull-recovered') return `${colors.green('✓')} ${visible(of.image)} can be pulled again\n`
      const { title, confidence, cause } = of.diagnosis.verdict
      const then = of.goesOn ? `${lastingWords[of.lasting]}; waiting` : lastingWords[of.lasting]
      return `${colors.red('✗')} ${visible(of.pod)}: ${title} (${confidence}, ${cause}): ${then}\n`
    },
    end(of) {
      const shown = 'diagnosis' in of && of.diagnosis ? `\n${diagnosisText(of.diagnosis, undefined, colors)}\n` : ''
      return shown
        .split('\n')
        .map(redact)
        .join('\n')
        .concat(`${of.outcome === 'ready' ? colors.green('✓') : colors.red('✗')} ${subject}: ${endWords(of)}\n`)
    },
  }
}

const lastingWords = {
  final: 'it fails again until somebody changes something',
  transient: 'it may pass by itself',
  unknown: 'whether it passes is not known',
} as const

function endWords(of: RolloutEnd): string {
  switch (of.outcome) {
    case 'ready':
      return `ready, ${sentence(of.says)}`
    case 'pull-failed':
      return 'an image cannot be pulled'
    case 'failed':
      return `failed, and not because of an image: ${sentence(of.says)}`
    case 'time-over':
      return `not ready in time; ${sentence(of.says)}`
    case 'gone':
      return 'it does not exist any more'
  }
}

/** For programs: one JSON object a line. `time`: milliseconds since 1970. */
export function jsonRollout(subject: { readonly [field: string]: string }, time: () => number): RolloutRenderer {
  const line = (value: object): string =>
    `${JSON.stringify({ time: new Date(time()).toISOString(), ...value }, (_key, it: unknown) => (typeof it === 'string' ? redact(it) : it))}\n`
  return {
    event(of) {
      if (of.type === 'progress' || of.type === 'unseen') return line({ type: of.type, says: sentence(of.says) })
      if (of.type === 'pull-recovered') return line({ type: of.type, image: of.image })
      const { type, pod, diagnosis, lasting, goesOn } = of
      const { container, image, verdict, chain } = diagnosis
      return line({
        ...{ type, pod, container, image, lasting, goesOn },
        ...{ verdict: verdictJson(verdict), chain: chainJson({ ...diagnosis, chain }) },
      })
    },
    end(of, exitCode) {
      const diagnosis = 'diagnosis' in of ? of.diagnosis : undefined
      return line({
        ...{ type: 'end', outcome: of.outcome, exitCode, target: subject, says: endWords(of) },
        ...verdictAndRoute(diagnosis),
      })
    },
  }
}

function verdictAndRoute(diagnosis: Diagnosis | undefined): object {
  const [first] = diagnosis?.failing ?? []
  const route = diagnosis?.route
  return {
    verdict: first ? verdictJson(first.verdict) : null,
    chain: first ? chainJson(first) : [],
    route: route?.playbook ? { playbook: route.playbook, because: sentence(route.note) } : null,
    note: diagnosis?.note ? sentence(diagnosis.note) : null,
  }
}
