import { watchedClusters } from '../../app/clusters.ts'
import { readEnvironment, type ServiceSettings, serviceSettings } from '../../config/environment.ts'
import { readConfiguration } from '../../config/read-configuration.ts'
import { readRegistryFiles } from '../../config/registry-files.ts'
import { withDiagnosis } from '../../incidents/watched-cluster.ts'
import { createSlackClient } from '../../slack/api.ts'
import type { ExitCode, Io } from '../errors.ts'
import { explainError } from '../explain-error.ts'
import { checkActions } from './check-actions.ts'
import { checkCluster } from './check-cluster.ts'
import { checkRegistries } from './check-registries.ts'
import { checkSlack } from './check-slack.ts'
import { checkStore } from './check-store.ts'
import { type Finding, printFindings } from './finding.ts'

export interface DoctorOptions {
  readonly kubeconfig?: string
}

/** Milliseconds for each check. */
const patience = 10_000

/** Checks everything that `start` needs, and prints what is missing and how to fix it. Exit code 2: something is missing. */
export async function doctor({ kubeconfig }: DoctorOptions, io: Io): Promise<ExitCode> {
  const environment = readEnvironment()
  const file = environment.IMAGEPULL_CONFIG
  const settings = attempt('environment', () => serviceSettings(environment, 'all'))
  const configuration = attempt('configuration', () => readConfiguration(file))
  const findings: Finding[] = [...settings.findings, ...configuration.findings]
  const rest = configuration.value
    ? await checkConnections(settings.value, configuration.value, file, kubeconfig ?? environment.KUBECONFIG)
    : { clusters: [], findings: [] }
  if (settings.value) findings.push(...(await checkStore(settings.value, rest.clusters)))
  findings.push(...rest.findings)
  printFindings(findings, io)
  return findings.some(({ state }) => state === 'error') ? 2 : 0
}

async function checkConnections(
  settings: ServiceSettings | undefined,
  configuration: ReturnType<typeof readConfiguration>,
  file: string | undefined,
  kubeconfig: string | undefined,
): Promise<{ readonly clusters: readonly string[]; readonly findings: readonly Finding[] }> {
  const { registries } = configuration
  const files = attempt('configuration', () => readRegistryFiles(file ?? '', registries))
  const clusters = attempt('clusters', () =>
    watchedClusters({ configuration, registryFiles: () => files.value ?? [], kubeconfig }),
  )
  const watched = [...(clusters.value?.values() ?? [])]
  const parts = await Promise.all([
    settings ? checkSlack(createSlackClient(settings.slack.botToken, settings.slack.apiUrl), configuration) : [],
    ...watched.map((it) => checkCluster(it, AbortSignal.timeout(patience))),
    ...watched.map((it) => checkActions(it, configuration, AbortSignal.timeout(patience))),
    watched[0]
      ? withDiagnosis(watched[0], 'new', ({ registry }) =>
          checkRegistries(registries, registry, AbortSignal.timeout(patience)),
        )
      : [],
  ])
  return {
    clusters: watched.map(({ name }) => name),
    findings: [...files.findings, ...clusters.findings, ...parts.flat()],
  }
}

/** Turns an error into a finding, so that the other checks still run. */
function attempt<T>(subject: string, read: () => T): { readonly value?: T; readonly findings: readonly Finding[] } {
  try {
    return { value: read(), findings: [] }
  } catch (error) {
    const { message, hint, exitCode } = explainError(error)
    if (exitCode === 1) throw error
    return { findings: [{ subject, state: 'error', message, fix: hint }] }
  }
}
