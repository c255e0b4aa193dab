import type { ShellCommand } from '../shell/script.ts'
import { flagSet, isOn, readArguments, valuesOf } from './arguments.ts'
import { namesOf, pushes } from './container-engines.ts'
import type { Pushed } from './pushed.ts'

// https://github.com/osscontainertools/kaniko#additional-flags
const kanikoValues = flagSet(
  `--destination -d --context -c --dockerfile -f --build-arg --cache-dir --cache-repo --cache-ttl --context-sub-path
  --custom-platform --digest-file --git --ignore-path --image-name-tag-with-digest-file --image-name-with-digest-file
  --image-download-retry --image-fs-extract-retry --kaniko-dir --label --log-format --oci-layout-path --push-retry
  --registry-certificate --registry-client-cert --registry-map --registry-mirror --skip-tls-verify-registry --insecure-registry
  --snapshot-mode --snapshotMode --tar-path --tarPath --target --verbosity -v --compression --compression-level --credential-helpers
  --secret --annotation`,
)

/** Kaniko's executor. Its warmer fills a cache and pushes nothing. */
export function kaniko(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (program !== 'executor') return undefined
  const given = readArguments(rest, kanikoValues)
  const destinations = valuesOf(given, '--destination', '-d')
  const noPush = isOn(given, '--no-push')
  return { tool: 'kaniko', destinations, noPush, hidden: destinations.length === 0 && !noPush }
}

/** Flags that only Kaniko has beside `--destination`: they tell its executor under another name. */
export function looksLikeKaniko(words: readonly string[]): boolean {
  const has = (names: string): boolean => words.some((it) => names.split(' ').includes(it.replace(/=.*$/s, '')))
  return has('--destination') && has('--dockerfile --context --context-sub-path --snapshot-mode --cache-repo --no-push')
}

// https://github.com/moby/buildkit#output
const buildctlValues = flagSet(
  `--addr --tlscacert --tlscert --tlskey --tlsdir --tlsservername --timeout --log-format
  --output -o --progress --trace --local --oci-layout --frontend --opt --no-cache-filter --export-cache --import-cache --secret
  --allow --ssh --metadata-file --source-policy-file --ref-file --registry-auth-tlscontext --exporter --exporter-opt --frontend-opt`,
)

/** buildctl, with today's `--output` and the older `--exporter`. */
export function buildctl(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (!/^buildctl(?:-daemonless\.sh)?$/.test(program)) return undefined
  const given = readArguments(rest, buildctlValues)
  if (!given.operands.includes('build') && !given.operands.includes('b')) return undefined
  const outputs = [...valuesOf(given, '--output', '-o')].filter(pushes)
  const old = valuesOf(given, '--exporter-opt').join(',')
  const destinations = [...outputs.flatMap(namesOf), ...(pushes(old) ? namesOf(old) : [])]
  if (outputs.length === 0 && !pushes(old)) return undefined
  return { tool: 'buildkit', destinations, hidden: destinations.length === 0 }
}

/** `makisu build -t team/app:1 --push r.io .` */
export function makisu(words: readonly string[]): Pushed | undefined {
  const given = readArguments(
    words.slice(1),
    flagSet('-t --tag --push -f --file --modifyfs --storage --registry-config'),
  )
  const tags = valuesOf(given, '-t', '--tag')
  const registries = valuesOf(given, '--push').filter((it) => it !== 'true')
  if (words[0] !== 'makisu' || registries.length === 0) return undefined
  return { tool: 'makisu', destinations: registries.flatMap((host) => tags.map((tag) => `${host}/${tag}`)) }
}

// https://github.com/buildpacks/lifecycle: flags of Go, with one dash.
const lifecycleValues = flagSet(
  `-analyzed -app -build-config -build-image -buildpacks -cache-dir -cache-image -daemon-socket -extensions -generated -gid -group
  -kaniko-dir -launch-cache -launcher -launcher-sbom -layers -layout-dir -log-level -order -plan -platform -platform-dir -previous-image
  -process-type -project-metadata -report -run -run-image -skip-tls-verify -stack -tag -uid -insecure-registry`,
)

/** The creator and exporter of buildpacks: the images stand last. */
export function lifecycle(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (program !== 'creator' && program !== 'exporter') return undefined
  const given = readArguments(rest, lifecycleValues)
  if (isOn(given, '-daemon', '-layout')) return undefined
  const destinations = [...given.operands, ...valuesOf(given, '-tag')]
  return destinations.length > 0 ? { tool: 'buildpacks', destinations } : undefined
}

/** `pack build r.io/app --publish` */
export function pack(words: readonly string[]): Pushed | undefined {
  const values = flagSet(
    `-B --builder -b --buildpack -e --env --env-file -p --path -d --descriptor -D --default-process -r --run-image --network
    --creation-time --cache-image --cache -t --tag --volume --workspace --gid --uid --lifecycle-image --previous-image --pull-policy
    --sbom-output-dir --docker-host --extension --pre-buildpack --post-buildpack --report-output-dir --platform`,
  )
  const given = readArguments(words.slice(1), values)
  const [verb, ...images] = given.operands
  if (words[0] !== 'pack' || verb !== 'build' || !isOn(given, '--publish')) return undefined
  return { tool: 'buildpacks', destinations: [...images.slice(0, 1), ...valuesOf(given, '-t', '--tag')] }
}

/** https://ko.build/configuration/#naming-images: how ko makes a name of a registry and a package. */
export function ko(words: readonly string[], command: ShellCommand): Pushed | undefined {
  const [program = '', ...rest] = words
  if (program !== 'ko') return undefined
  const values = flagSet(
    '-t --tags -j --jobs --platform --image-label --image-annotation --sbom --sbom-dir --tarball --oci-layout-path --image-refs -f --filename -l --selector --image-user --disk-path',
  )
  const given = readArguments(rest, values)
  const [verb = '', ...packages] = given.operands
  const repository = command.variable('KO_DOCKER_REPO')
  const writes = ['build', 'publish', 'resolve', 'apply', 'create', 'run'].includes(verb)
  const off = given.flags.some(({ name, value }) => name === '--push' && value === 'false')
  if (!writes || off || isOn(given, '-L', '--local') || /^ko\.local/.test(repository ?? '')) return undefined
  if (!repository || !['build', 'publish'].includes(verb)) return { tool: 'ko', destinations: [], hidden: true }
  const tags = valuesOf(given, '-t', '--tags').flatMap((it) => it.split(','))
  const bases = isOn(given, '--bare')
    ? ['']
    : packages.map((it) => `/${(it.split('/').at(-1) ?? '').replace(/^\.$/, '$(package)')}`)
  const plain = isOn(given, '--bare', '-B', '--base-import-paths')
  const names = bases.map((base) => (plain ? `${repository}${base}` : `${repository}${base}-$(md5)`))
  return {
    tool: 'ko',
    destinations: names.flatMap((name) => (tags.length > 0 ? tags : ['latest']).map((tag) => `${name}:${tag}`)),
  }
}
