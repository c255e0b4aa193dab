import type { ImageReport, ImageUser, PreflightReport } from '../../../preflight/report.ts'
import { explanationOf, headlineOf, ruleOf } from './answers.ts'

/** SARIF 2.1.0, as GitHub's code scanning reads it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export function preflightSarif({ images }: PreflightReport, strict: boolean): object {
  const troubled = images.filter(({ checked }) => checked.status !== 'pulls' || checked.notes.length > 0)
  const rules = new Map(troubled.map((it) => [ruleOf(it), ruleTitle(it)]))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'imagepull',
            rules: [...rules].map(([id, title]) => ({ id, shortDescription: { text: title } })),
          },
        },
        results: troubled.map((it) => resultOf(it, strict)),
      },
    ],
  }
}

function ruleTitle({ checked }: ImageReport): string {
  if (checked.status === 'fails') return checked.diagnosis.verdict.title
  return checked.status === 'unknown' ? 'Could not be found out' : 'Image can be pulled, with a note'
}

function resultOf(report: ImageReport, strict: boolean): object {
  const { checked, image, users } = report
  const level = checked.status === 'fails' || (checked.status === 'unknown' && strict) ? 'error' : 'warning'
  return {
    ruleId: ruleOf(report),
    level: checked.status === 'pulls' ? 'note' : level,
    message: { text: `${image}: ${headlineOf(report)}. ${explanationOf(report)}` },
    locations: users.map(locationOf),
  }
}

function locationOf({ place }: ImageUser): object {
  const { file, line } = place
  // Standard input has no address.
  const uri = file === '-' ? 'stdin' : encodeURI(file)
  return {
    physicalLocation: { artifactLocation: { uri }, ...(line && { region: { startLine: line } }) },
  }
}
