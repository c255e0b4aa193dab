import { isIP } from 'node:net'
import { Command, CommanderError, Option } from 'commander'
import pc from 'picocolors'
import { redact } from '../secret.ts'
import { visible } from '../text.ts'
import { CommandError, type ExitCode, type Io } from './errors.ts'
import { addReadCommands } from './read/command.ts'

const processIo: Io = { input: process.stdin, output: process.stdout, errors: process.stderr }

/** Runs the `imagepull` command. Prints every error and returns the exit code. */
export async function main(argv: readonly string[], io: Io = processIo): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const program = programOf(io, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    const explained = error instanceof CommanderError ? usage(error) : await explain(error)
    printError(explained, wantsJson(argv), io)
    return explained.exitCode
  }
}

/** Loads the error classes only when there is an error, so that a command such as `probe` starts without the bot's libraries. */
async function explain(error: unknown): Promise<CommandError> {
  return (await import('./explain-error.ts')).explainError(error)
}

function programOf(io: Io, done: (code: ExitCode) => void): Command {
  const program = new Command('imagepull')
    .description('Finds out why a Kubernetes image cannot be pulled, and proves it.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => void io.output.write(text), writeErr: () => undefined })
  program
    .command('diagnose')
    .description('find out why a pod cannot pull its image')
    .argument(
      '<target...>',
      'a pod, namespace/pod, kind/name, or the beginning of a name; @context in front chooses the cluster',
    )
    .option('-n, --namespace <namespace>', 'namespace of the target')
    .option('--context <context>', 'context of the kubeconfig')
    .option(
      '--kubeconfig <file>',
      'kubeconfig to use (default: KUBECONFIG, then ~/.kube/config, then the ServiceAccount of the pod)',
    )
    .addOption(
      new Option('--registry-access <way>', 'how to reach registries (default: the configuration, then auto)').choices([
        'auto',
        'direct',
        'proxy',
        'exec',
        'none',
      ]),
    )
    .option('--no-secrets', 'do not read pull secrets')
    .option('--timeout <seconds>', 'overall timeout in seconds', seconds, 30)
    .option('--save-facts <file>', 'save the redacted facts, to replay the diagnosis elsewhere')
    .option('--from-facts <file>', 'replay a saved diagnosis offline')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(async (target, options) =>
      done(await (await import('./diagnose/diagnose.ts')).diagnose(target.join(' '), options, io)),
    )
  program
    .command('preflight')
    .description('check, before a deployment, whether the images of its manifests can be pulled')
    .argument('[files...]', 'YAML or JSON files, directories of them, or - for standard input')
    .option('-f, --filename <path>', 'the same, as kubectl has it; may be repeated', collect, [])
    .option('-n, --namespace <namespace>', 'namespace of objects that name none')
    .option('--context <context>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig to use (default: as diagnose)')
    .option('--offline', 'ask the registries alone, with the logins of the local Docker configuration', false)
    .option(
      '--platform <platform>',
      'compare with this platform, such as linux/arm64, instead of the nodes',
      collectPlatforms,
      [],
    )
    .option('--no-secrets', 'do not read pull secrets')
    .option('--strict', 'exit with 6 if something could not be found out', false)
    .option('--timeout <seconds>', 'overall timeout in seconds', seconds, 120)
    .addOption(
      new Option('-o, --output <format>', 'output format')
        .choices(['text', 'json', 'junit', 'github', 'sarif'])
        .default('text'),
    )
    .action(async (files, options) => done(await (await import('./preflight.ts')).preflight(files, options, io)))
  program
    .command('scan')
    .description('find healthy workloads that could not pull their images again')
    .option('-n, --namespace <namespace>', 'only this namespace (default: that of the context)')
    .option('-A, --all-namespaces', 'all namespaces', false)
    .option('--context <context>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig to use (default: as diagnose)')
    .option('--no-secrets', 'do not read pull secrets')
    .option('--strict', 'exit with 6 if something could not be found out', false)
    .option('--timeout <seconds>', 'overall timeout in seconds', seconds, 300)
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(async (options) => done(await (await import('./scan.ts')).scan(options, io)))
  program
    .command('rollout')
    .description('wait until a workload is ready, and end at once when an image cannot be pulled')
    .argument('<target...>', 'a Deployment, StatefulSet, DaemonSet, Job or pod, such as deployment/my-app')
    .option('-n, --namespace <namespace>', 'namespace of the target')
    .option('--context <context>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig to use (default: as diagnose)')
    .option('--no-secrets', 'do not read pull secrets')
    .option('--timeout <duration>', 'how long to wait, such as 90s, 5m or 1h', duration, 300_000)
    .addOption(
      new Option('-o, --output <format>', 'output format; json prints one event a line')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(async (target, options) =>
      done(await (await import('./rollout.ts')).rollout(target.join(' '), options, io)),
    )
  addReadCommands(program, io, done)
  program
    .command('start')
    .description('run the bot until SIGTERM or SIGINT')
    .addOption(
      new Option('--role <role>', 'what this process does: receive requests (web), do the work (worker), or both (all)')
        .choices(['all', 'web', 'worker'])
        .default('all'),
    )
    .option('--host <address>', 'IP address to listen on (default: all)', address)
    .option(
      '--kubeconfig <file>',
      'kubeconfig to use (default: KUBECONFIG, then ~/.kube/config, then the ServiceAccount of the pod)',
    )
    .action(async (options) => done(await (await import('./start.ts')).start(options)))
  program
    .command('demo')
    .description('show the whole product in a browser, without Slack, Redis or a cluster')
    .option('--port <port>', 'port of the page (default: 4455, or a free one)', port)
    .option('--kubeconfig <file>', 'show a real cluster instead of the sample; the demo changes nothing in it')
    .action(async (options) => done(await (await import('./demo.ts')).demo(options, io)))
  program
    .command('doctor')
    .description('check everything that start needs, and say how to fix what is missing')
    .option('--kubeconfig <file>', 'kubeconfig to use')
    .action(async (options) => done(await (await import('./doctor/doctor.ts')).doctor(options, io)))
  program
    .command('health')
    .description('ask the bot that runs on this machine whether it is alive (exit code 1: it is not)')
    .option('--ready', 'ask whether it could do its work now, too')
    .action(async (options) => done(await (await import('./health.ts')).health(options, io)))
  program
    .command('audit')
    .description('export the audit log: actions, requesters, approvers')
    .option('--since <duration>', 'how far back, such as 12h or 30d', '7d')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'jsonl']).default('text'))
    .option('--evidence <incident>', 'print only the pods and logs that were kept before actions of this incident')
    .option('--wrong <directory>', 'also write the facts of verdicts that people called wrong, for --from-facts')
    .action(async (options) => done(await (await import('./audit.ts')).audit(options, io)))
  program
    .command('probe', { hidden: true })
    .description('test the connection to a registry from this machine (used by "Test from node")')
    .argument('<host>', 'a registry, with its port')
    .action(async (host) => done(await (await import('./probe.ts')).probe(host, io)))
  program
    .command('complete', { hidden: true })
    .description('print what can follow these words (used by the completion of kubectl)')
    .argument('[words...]')
    .action(async (words) => done(await completeWords(program, words, io)))
  program
    .command('version')
    .description('print the version')
    .action(async () => {
      const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
      io.output.write(`imagepull ${manifest.version}\n`)
    })
  return program
}

/** A completion is silent where it cannot look: an error would stand in the middle of what is being typed. */
async function completeWords(program: Command, words: readonly string[], io: Io): Promise<ExitCode> {
  const { clusterLookups, complete } = await import('./complete.ts')
  try {
    const completion = await complete(program, words, clusterLookups())
    io.output.write(`${[...completion.words, `:${completion.directive}`].join('\n')}\n`)
  } catch {
    io.output.write(':4\n')
  }
  return 0
}

const unitsOfTime: Readonly<Record<string, number>> = { '': 1_000, s: 1_000, m: 60_000, h: 3_600_000 }

/** Milliseconds of `90s`, `5m`, `1h`, or of seconds without a unit. */
function duration(text: string): number {
  const [, value, unit = ''] = /^(\d{1,6})([smh]?)$/.exec(text) ?? []
  const ms = Number(value) * (unitsOfTime[unit] ?? 0)
  if (ms > 0 && ms <= 86_400_000) return ms
  throw new CommandError(
    2,
    'usage',
    `--timeout takes a duration up to a day, not ${visible(text)}.`,
    'For example: --timeout 5m',
  )
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function collectPlatforms(value: string, before: readonly string[]): readonly string[] {
  if (/^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/.test(value)) return [...before, value]
  throw new CommandError(
    2,
    'usage',
    `--platform takes an operating system and a processor, not ${visible(value)}.`,
    'For example: --platform linux/arm64',
  )
}

function seconds(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= 3_600) return value
  throw new CommandError(
    2,
    'usage',
    `--timeout takes seconds from 1 to 3600, not ${visible(text)}.`,
    'For example: --timeout 60',
  )
}

function port(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value
  throw new CommandError(
    2,
    'usage',
    `--port takes a number from 0 to 65535, not ${visible(text)}.`,
    'For example: --port 8080',
  )
}

function address(text: string): string {
  if (isIP(text) !== 0) return text
  throw new CommandError(
    2,
    'usage',
    `--host takes an IP address, not ${visible(text)}.`,
    'For example: --host 127.0.0.1',
  )
}

function usage(error: CommanderError): CommandError {
  const message = error.message.replace(/^error: /, '')
  return new CommandError(2, 'usage', message, 'See `imagepull help`, or `imagepull help diagnose`.', [], {
    cause: error,
  })
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (it, index) =>
      /^(?:-o|--output=)json$/.test(it) || (it === 'json' && /^(?:-o|--output)$/.test(argv[index - 1] ?? '')),
  )
}

function printError(error: CommandError, json: boolean, io: Io): void {
  const { code, hint, candidates } = error
  const message = visible(redact(error.message))
  if (json) {
    const body = { code, message, hint, ...(candidates.length > 0 && { candidates }) }
    io.output.write(`${JSON.stringify({ error: body }, undefined, 2)}\n`)
    return
  }
  const colors = pc.createColors(pc.isColorSupported && io.errors.isTTY === true)
  const lines = [`${colors.red('✗')} ${message}`, ...candidates.map((it) => `    ${visible(it)}`), `  ${visible(hint)}`]
  io.errors.write(`${lines.join('\n')}\n`)
  if (error.exitCode === 1 && error.cause instanceof Error) io.errors.write(`${redact(error.cause.stack ?? '')}\n`)
}
