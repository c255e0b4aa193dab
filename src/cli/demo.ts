import { once } from 'node:events'
import { startDemo } from '../app/start-demo.ts'
import { readEnvironment } from '../config/environment.ts'
import { readConfiguration } from '../config/read-configuration.ts'
import { logLevels } from '../config/service-settings.ts'
import type { ExitCode } from './command-error.ts'
import type { Io } from './io.ts'

export interface DemoCommandOptions {
  readonly port?: number
  readonly kubeconfig?: string
}

/** Shows the whole product in a browser, until it is told to stop. */
export async function demo({ port, kubeconfig }: DemoCommandOptions, io: Io): Promise<ExitCode> {
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
  io.output.write(`${what}: open ${running.url} in a browser. Ctrl-C ends it.\n`)
  await stopped
  io.output.write('Ending the demo …\n')
  await running[Symbol.asyncDispose]()
  return 0
}
