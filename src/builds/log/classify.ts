import { type BuildError, type BuildErrorClass, buildErrors } from './classes.ts'
import {
  context,
  decisions,
  diskFull,
  endsStep,
  type Found,
  isWarning,
  loopback,
  memory,
  missingFile,
  ownDisk,
  ownLimit,
  type Phase,
  permission,
  phaseAbove,
  phaseOfLine,
  platform,
  pushClasses,
  runtimeRefused,
  type Symptom,
  speaks,
  startsStep,
  symptoms,
  unreachables,
  weak,
} from './patterns.ts'

/** Why a build failed, and the line that says so. */
export interface ClassifiedLog extends BuildError {
  readonly class: BuildErrorClass
  readonly line: string
}

/** Lines from the end that are read, characters of a line, and how far above a line its phase is looked for. */
const limits = { lines: 400, line: 4_096, phase: 60, refinement: 80, characters: 40_960 } as const

/** Reads the end of a build's log, whole lines without colours. undefined: no line tells an error. */
export function classifyBuildLog(all: readonly string[]): ClassifiedLog | undefined {
  const lines = endOf(all)
  return classify(lines, false) ?? classify(lines, true)
}

/** The last lines. Of a very long one the beginning and the end: wrappers stand before the cause. */
function endOf(all: readonly string[]): readonly string[] {
  const kept: string[] = []
  let room: number = limits.characters
  for (const line of all.slice(-limits.lines).toReversed()) {
    const half = limits.line / 2
    const short = line.length > limits.line ? `${line.slice(0, half)} ${line.slice(-half)}` : line
    room -= short.length
    if (room < 0) break
    kept.push(short)
  }
  return kept.toReversed()
}

function classify(lines: readonly string[], withWarnings: boolean): ClassifiedLog | undefined {
  let last: { readonly found: Found; readonly at: number } | undefined
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at] ?? ''
    if (!withWarnings && isWarning.test(line)) continue
    const found = decide(line, lines, at)
    if (found) return describe(found, line)
    if (endsStep.test(line)) return ofStep(lines, at)
    const weak = weakly(line)
    if (weak && !last) last = { found: weak, at }
  }
  if (!last) return undefined
  return last.found.class === 'step' ? ofStep(lines, last.at) : describe(last.found, lines[last.at] ?? '')
}

function describe({ class: name, ...more }: Found, line: string): ClassifiedLog {
  return { class: name, ...buildErrors[name], ...more, line }
}

/** What a step's lines say of its reason, the nearest to its end. */
function ofStep(lines: readonly string[], end: number): ClassifiedLog {
  const refined = refinedBy(lines, end, false) ?? refinedBy(lines, end, true)
  return refined ?? describe({ class: 'step' }, lines[end] ?? '')
}

function refinedBy(lines: readonly string[], end: number, withWarnings: boolean): ClassifiedLog | undefined {
  for (let at = end; at >= Math.max(0, end - limits.refinement); at--) {
    const line = lines[at] ?? ''
    const refined = !withWarnings && at !== end && isWarning.test(line) ? undefined : refine(line)
    if (refined) return describe(refined, line)
    if (at < end && startsStep.test(line)) return undefined
  }
  return undefined
}

function refine(line: string): Found | undefined {
  if (memory.test(line)) return { class: 'memory' }
  if (diskFull.test(line)) return { class: 'disk-full' }
  if (platform.test(line)) return { class: 'platform' }
  if (runtimeRefused.test(line)) return { class: 'permission' }
  return unreachable(line) ? { class: 'dependencies-unreachable' } : undefined
}

function unreachable(line: string): boolean {
  return !loopback.test(line) && unreachables.some((it) => it.test(line))
}

function phaseOf(line: string, lines: readonly string[], at: number): Phase | undefined {
  const own = phaseOfLine.find(([, says]) => says.test(line))?.[0]
  if (own) return own
  for (let above = at - 1; above >= Math.max(0, at - limits.phase); above--) {
    const found = [...phaseOfLine.slice(0, 2), ...phaseAbove].find(([, says]) => says.test(lines[above] ?? ''))
    if (found) return found[0]
  }
  return undefined
}

// A registry says "not found" of a repository of its own, too.
const ofRegistry = /NAME_UNKNOWN|\/v2\/|error pushing|push permission|failed to push/

/** What one line decides. undefined: nothing, or only that something ended with an error. */
function decide(line: string, lines: readonly string[], at: number): Found | undefined {
  if (!speaks.test(line)) return undefined
  const symptom = symptoms.find(([, says]) => says.test(line))?.[0]
  const special = decisions.find(({ says, but }) => says.test(line) && !but?.test(line))
  if (special?.is.class === 'daemon' && lacksRight(lines, at)) return { class: 'permission' }
  if (special && !(special.is.class === 'missing-file' && symptom === 'refused')) return special.is
  if (diskFull.test(line)) return { class: 'disk-full', ...(ownLimit.test(line) && ownDisk) }
  if (platform.test(line)) return { class: 'platform' }
  if (endsStep.test(line)) return undefined
  if (context.test(line) && !ofRegistry.test(line))
    return { class: 'context', ...(unreachable(line) && { willRepeat: false }) }
  if (missingFile.test(line)) return missingIn(lines, at)
  return symptom && bySymptom(symptom, line, lines, at)
}

/** A daemon that does not answer may not have started for want of a right, as the lines before say. */
function lacksRight(lines: readonly string[], at: number): boolean {
  return lines.slice(Math.max(0, at - 20), at).some((line) => permission.test(line))
}

/** A file that is missing is one to be copied only where a COPY or ADD is carried out. */
function missingIn(lines: readonly string[], at: number): Found | undefined {
  const above = lines.slice(Math.max(0, at - 3), at + 1)
  const copies = above.some((line) => /(?:^|\s|\]\s)(?:COPY|ADD) \S/.test(line))
  const snapshot = above.some((line) => /Taking snapshot/i.test(line))
  return copies && !snapshot ? { class: 'missing-file' } : undefined
}

function bySymptom(symptom: Symptom, line: string, lines: readonly string[], at: number): Found | undefined {
  const phase =
    phaseOf(line, lines, at) ?? (/\/v2\/|registry/i.test(line) || symptom === 'unauthorized' ? 'push' : undefined)
  if (phase === 'push') return ofPush(symptom, line)
  if (phase === 'base') return ofBase(symptom)
  if (phase === 'context')
    return { class: 'context', ...((symptom === 'timeout' || symptom === 'refused') && { willRepeat: false }) }
  if (symptom === 'tls' && phase !== 'step' && !/goproxy|npm|pip|maven|repo/i.test(line)) return { class: 'push-tls' }
  if (symptom === 'plain-http' && phase !== 'step') return { class: 'push-plain-http' }
  // What a step prints is judged where the step ends.
  return undefined
}

function ofPush(symptom: Symptom, line: string): Found {
  // ECR and Artifact Registry say "denied" of a repository that nobody has created.
  if (
    symptom === 'unauthorized' &&
    /name unknown|repository .{1,200} (?:not found|does not exist)/i.test(line) &&
    !/denied|unauthorized/i.test(line)
  )
    return pushClasses.missing
  return pushClasses[symptom]
}

function ofBase(symptom: Symptom): Found {
  if (symptom === 'rate') return { class: 'base-rate-limited' }
  return { class: ['timeout', 'refused', 'server'].includes(symptom) ? 'base-unreachable' : 'base-image' }
}

function weakly(line: string): Found | undefined {
  return weak.find(([says]) => says.test(line))?.[1]
}
