import pc from 'picocolors'
import { personWorld } from '../app/clusters.ts'
import type { CheckWorld } from '../preflight/pull-check.ts'
import { scan as runScan, type ScanReport } from '../scan/scan.ts'
import { redact } from '../secret.ts'
import { progressOn } from './diagnose/diagnose.ts'
import type { ExitCode, Io } from './errors.ts'
import { scanJson, scanText } from './render/scan.ts'

export interface ScanCommandOptions {
  readonly namespace?: string
  readonly allNamespaces: boolean
  readonly context?: string
  readonly kubeconfig?: string
  readonly secrets: boolean
  readonly strict: boolean
  /** Seconds. */
  readonly timeout: number
  readonly output: 'text' | 'json'
}

/** Prints which healthy workloads could not pull their images again. Throws what `explainError` explains. */
export async function scan(options: ScanCommandOptions, io: Io): Promise<ExitCode> {
  const began = performance.now()
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(new DOMException('time is up', 'TimeoutError')), options.timeout * 1_000)
  const progress = progressOn(io.errors)
  try {
    const world: CheckWorld = {
      ...personWorld(options.context, options),
      signal: stop.signal,
      defect: ({ id }, error) => void io.errors.write(`imagepull: a defect in ${id}: ${redact(String(error))}\n`),
    }
    const namespace = options.allNamespaces ? undefined : (options.namespace ?? world.cluster.namespace)
    const report = await runScan(world, {
      ...(namespace !== undefined && { namespace }),
      now: new Date(),
      progress: (done, total) => progress.say(`Checking images: ${done} of ${total}`),
    })
    progress.done()
    io.output.write(render(report, options, { io, began, world }))
    return exitCodeOf(report, options.strict)
  } finally {
    clearTimeout(timer)
    progress.done()
  }
}

interface Rendered {
  readonly io: Io
  readonly began: number
  readonly world: CheckWorld
}

function render(report: ScanReport, { output }: ScanCommandOptions, { io, began, world }: Rendered): string {
  if (output === 'text') {
    const colors = pc.createColors(pc.isColorSupported && io.output.isTTY === true)
    return scanText(report, colors).split('\n').map(redact).join('\n')
  }
  const apiCalls = { kubernetes: world.cluster.requests, registry: world.registry.requests }
  const value = scanJson(report, { apiCalls, ms: Math.round(performance.now() - began) })
  return `${JSON.stringify(value, (_key, it: unknown) => (typeof it === 'string' ? redact(it) : it), 2)}\n`
}

/** 5: something could not be pulled again. 6: something could not be found out, and `--strict` minds. */
function exitCodeOf({ findings, unknown, unseen }: ScanReport, strict: boolean): ExitCode {
  if (findings.some(({ level }) => level === 'fails')) return 5
  return strict && unknown.length + unseen.length > 0 ? 6 : 0
}
