import { once } from 'node:events'
import { setGlobalProxyFromEnv } from 'node:http'
import { type Role, readEnvironment, serviceSettings } from '../config/environment.ts'
import { readConfiguration } from '../config/read-configuration.ts'
import { readRegistryFiles } from '../config/registry-files.ts'
import { createLog } from '../observability/log.ts'
import { watchProcessErrors } from '../observability/process-errors.ts'
import { makeEmbeddedDatabase } from '../store/embedded/database.ts'
import type { ExitCode } from './errors.ts'

export interface StartOptions {
  readonly role: Role
  /** Default: every address. */
  readonly host?: string
  readonly kubeconfig?: string
}

/**
 * Runs the bot. Returns 0 after SIGTERM or SIGINT, and 1 after an uncaught error. If it cannot start, throws an error that
 * `explainError` explains.
 */
export async function start({ role, host, kubeconfig }: StartOptions): Promise<ExitCode> {
  const environment = readEnvironment()
  const settings = serviceSettings(environment, role)
  const file = environment.IMAGEPULL_CONFIG
  const configuration = readConfiguration(file)
  const registryFiles = () => readRegistryFiles(file ?? '', configuration.registries)
  registryFiles() // reports unreadable files now, not in the first incident
  const log = createLog(settings.logLevel)
  if (settings.proxy) setGlobalProxyFromEnv({ HTTPS_PROXY: settings.proxy.url, NO_PROXY: settings.proxy.except })
  if (configuration.channels.length === 0)
    log.warn('the configuration lists no channel, so every command is refused: see "channels" in deploy/reference.md')
  const isEmbedded = !settings.redis && role === 'all'
  if (isEmbedded)
    log.info('REDIS_URL is not set: queue and store are embedded and serve one process', {
      directory: settings.dataDirectory,
    })
  const errors = watchProcessErrors(log)
  const failed = errors.fatal.then((): ExitCode => 1)
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]).then((): ExitCode => 0)
  if (isEmbedded) await makeEmbeddedDatabase(settings.dataDirectory)
  // The rest of the program is loaded only now, so that it takes no memory while a first start makes the database.
  const [{ watchedClusters, writableClusters }, { startApp }] = await Promise.all([
    import('../app/clusters.ts'),
    import('../app/start.ts'),
  ])
  const kubeconfigs = kubeconfig ?? environment.KUBECONFIG
  const clusters = watchedClusters({ configuration, registryFiles, kubeconfig: kubeconfigs })
  const writes = writableClusters(clusters, configuration, kubeconfigs)
  const app = await startApp({ settings, configuration }, { clusters, writes, log, ...(host && { host }) })
  log.info('imagepull is listening', { port: app.port, role, clusters: [...clusters.keys()] })
  const exitCode = await Promise.race([stopped, failed])
  log.info('shutting down')
  await app.stop()
  errors.stop()
  return exitCode
}
