import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { Configuration } from '../config/configuration.ts'
import { type LogLevel, logLevels, readEnvironment } from '../config/environment.ts'
import { readConfiguration } from '../config/read-configuration.ts'
import { CommandError, type ExitCode, type Io } from './errors.ts'

/** The part of `src/demo/start.ts` that this command uses. The demo and its libraries are not in the installed package. */
interface DemoModule {
  startDemo(options: {
    readonly port?: number | undefined
    readonly kubeconfig?: string | undefined
    readonly configuration?: Configuration | undefined
    readonly logLevel: LogLevel
  }): Promise<AsyncDisposable & { readonly url: string }>
}

/** A variable, so that the compiler does not include the demo in the build. */
const demoModule = '../demo/start.ts'

export interface DemoCommandOptions {
  readonly port?: number
  readonly kubeconfig?: string
}

/** Serves the demo until SIGTERM or SIGINT. Returns 0. Throws CommandError in an installed package. */
export async function demo({ port, kubeconfig }: DemoCommandOptions, io: Io): Promise<ExitCode> {
  if (!existsSync(new URL(demoModule, import.meta.url)))
    throw new CommandError(
      2,
      'usage',
      'The demo is not part of the installed package.',
      'In a checkout: npm ci && npm run demo',
    )
  const { startDemo }: DemoModule = await import(demoModule)
  const { IMAGEPULL_CONFIG, LOG_LEVEL } = readEnvironment()
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  io.output.write('Starting the demo …\n')
  const running = await startDemo({
    port,
    kubeconfig,
    configuration: kubeconfig ? readConfiguration(IMAGEPULL_CONFIG) : undefined,
    logLevel: logLevels.find((it) => it === LOG_LEVEL) ?? 'error',
  })
  const what = kubeconfig ? 'A local Slack, with your cluster' : 'A local Slack, with a sample cluster'
  io.output.write(`${what}: open ${running.url} in a browser. Press Ctrl-C to stop.\n`)
  await stopped
  io.output.write('Stopping the demo …\n')
  await running[Symbol.asyncDispose]()
  return 0
}
