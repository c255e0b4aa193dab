import type { ProgramContext } from '../kubelet/node.ts'
import { baseImage, checkPush, pushImage } from './images.ts'
import { BuildFailure, kanikoArguments, kanikoLog } from './log.ts'
import { fetchContext, parseDockerfile } from './source.ts'
import { buildSteps } from './steps.ts'

/**
 * A small Kaniko 1.24: it fetches its context, pulls its base image and pushes the result over the sample's network. It logs
 * each step and failure as the real one does. Returns its exit code.
 */
export async function kanikoProgram(context: ProgramContext): Promise<number> {
  try {
    await build(context)
    return 0
  } catch (error) {
    if (error instanceof BuildFailure) {
      context.log(error.message)
      if (error.code === 'arguments') context.log('Usage:\n  executor [flags]\n  executor [command]')
      return error.exitCode
    }
    if (context.signal.aborted) return 143 // SIGTERM
    throw error
  }
}

async function build({ node, container, log: write, signal }: ProgramContext): Promise<void> {
  const { clock, podHttp: http, timing, puller } = node
  const { destinations, noPush, context, dockerfile, insecure, insecurePull } = kanikoArguments(container)
  const log = kanikoLog(clock, write)
  const files = await fetchContext(http, context, log, signal)
  const source = files.get(dockerfile.replace(/^.*\/workspace\/|^\.\//, ''))
  if (source === undefined) throw new BuildFailure('arguments', noDockerfile)
  const way = { http, insecure, signal }
  if (!noPush) for (const destination of destinations) await checkPush(way, destination)
  const parsed = parseDockerfile(source)
  const { architecture } = puller
  const base = await baseImage(http, parsed.base, { insecure: insecurePull, architecture, log, signal })
  log.info('Built cross stage deps: map[]')
  log.info(`Retrieving image manifest ${parsed.base}`)
  log.info('Returning cached image manifest')
  log.info('Executing 0 build triggers')
  log.info(`Building stage '${parsed.base}' [idx: '0', base-idx: '-1']`)
  const step = { step: timing.buildStep, architecture }
  const built = await buildSteps(parsed, base, { http, clock, files, log, signal }, step)
  if (noPush) log.info('Skipping push to container registry due to --no-push flag')
  for (const destination of noPush ? [] : destinations) {
    log.info(`Pushing image to ${destination}`)
    const digest = await pushImage(way, destination, built)
    log.info(`Pushed ${destination.replace(/:[^/:]*$/, '')}@${digest}`)
  }
}

const noDockerfile =
  'Error: error resolving dockerfile path: please provide a valid path to a Dockerfile within the build context with --dockerfile'
