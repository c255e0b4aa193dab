import { type Arguments, flagSet, isOn, readArguments, valuesOf } from './arguments.ts'
import type { BuildTool, Pushed } from './pushed.ts'

// Flags with a value: of the programs themselves, and of their push and build commands.
// https://docs.docker.com/reference/cli/docker/, https://github.com/containers/buildah/tree/main/docs,
// https://docs.podman.io/en/latest/Commands.html, https://github.com/containerd/nerdctl/blob/main/docs/command-reference.md
const takesValue = flagSet(
  `--config -c --context -H --host -l --log-level --tlscacert --tlscert --tlskey
  --storage-driver --storage-opt --root --runroot --registries-conf --registries-conf-dir --default-mounts-file --userns-uid-map
  --userns-gid-map --cgroup-manager --conmon --connection --events-backend --identity --imagestore --module --network-cmd-path
  --network-config-dir --runtime --ssh --tmpdir --transient-store --url --volumepath --address -a --namespace -n --snapshotter
  --hosts-dir --cni-path --data-root
  --authfile --cert-dir --compression-format --compression-level --creds --digestfile --encrypt-layer --encryption-key --format -f
  --retry --retry-delay --sign-by --sign-by-sigstore --sign-by-sigstore-private-key --sign-passphrase-file --signature-policy
  --add-compression --decryption-key --platform --user -u --registry-username --registry-password
  -t --tag --file --build-arg --build-context --builder --cache-from --cache-to --output -o --target --secret --label
  --annotation --metadata-file --iidfile --progress --add-host --allow --attest --call --cpu-period --cpu-quota --cpu-shares
  --cpuset-cpus --cpuset-mems --isolation --memory -m --memory-swap --network --no-cache-filter --provenance --sbom --shm-size
  --ulimit --arch --os --variant --jobs --layer-label --manifest --pull-policy --runtime-flag --security-opt --volume -v --env
  --from --ignorefile --logfile --set --amend-with --descriptor --image`,
)

const tools: ReadonlyMap<string, BuildTool> = new Map([
  ['docker', 'docker'],
  ['podman', 'podman'],
  ['podman-remote', 'podman'],
  ['buildah', 'buildah'],
  ['nerdctl', 'nerdctl'],
  ['finch', 'nerdctl'],
  ['img', 'img'],
  ['ctr', 'nerdctl'],
  ['depot', 'depot'],
  ['docker-buildx', 'buildkit'],
])

const groups: ReadonlySet<string> = new Set([
  'image',
  'images',
  'i',
  'manifest',
  'buildx',
  'builder',
  'imagetools',
  'compose',
])

/** docker, podman, buildah, nerdctl, img, ctr, depot: `push`, and builds that push by themselves. */
export function containerEngine(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  const tool = tools.get(program)
  if (!tool) return undefined
  // `docker push --all-tags` and `buildah push -a` take no value, and `-a` of nerdctl and ctr does.
  const own =
    program === 'nerdctl' || program === 'ctr' ? takesValue : (flag: string) => flag !== '-a' && takesValue(flag)
  const given = readArguments(rest, own)
  // A variable among the flags that nothing gives, `buildah ${TLS} push`, is no verb.
  const start = given.operands.findIndex((it) => !/^\$/.test(it))
  const verbs = given.operands.slice(Math.max(0, start))
  const first = verbs.findIndex((it) => !groups.has(it))
  const group = verbs.slice(0, first)
  const [verb, ...operands] = first < 0 ? [] : verbs.slice(first)
  if (group.includes('compose'))
    return verb === 'push' || isOn(given, '--push') ? { tool, destinations: [], hidden: true } : undefined
  if (verb === 'push') return pushOf(tool, program, group, given, operands)
  const buildx = group.includes('buildx') || program === 'docker-buildx' ? 'buildkit' : tool
  if (group.includes('imagetools') && verb === 'create') return of(buildx, valuesOf(given, '-t', '--tag'))
  if (verb === 'bake')
    return isOn(given, '--push') ? { tool: buildx, destinations: bakeTags(given), hidden: true } : undefined
  return verb === 'build' || verb === 'b' || verb === 'bud' ? buildOf(buildx, given) : undefined
}

function pushOf(
  tool: BuildTool,
  program: string,
  group: readonly string[],
  given: Arguments,
  operands: readonly string[],
): Pushed | undefined {
  // `ctr images push <remote> [<local>]`; all others name the destination last.
  const to = program === 'ctr' ? operands[0] : operands.at(-1)
  if (!to) return undefined
  const all = isOn(given, '--all-tags', '-a') && !group.includes('manifest') && tool === 'docker'
  return of(tool, all ? [`${to}:*`] : [to])
}

function bakeTags(given: Arguments): readonly string[] {
  return valuesOf(given, '--set').flatMap((it) => /^[^=]{0,200}\.tags=(.+)$/s.exec(it)?.[1] ?? [])
}

function buildOf(tool: BuildTool, given: Arguments): Pushed | undefined {
  const tags = valuesOf(given, '-t', '--tag')
  const outputs = [...valuesOf(given, '--output', '-o')].filter(pushes)
  if (!isOn(given, '--push') && outputs.length === 0) return undefined
  const named = outputs.flatMap(namesOf)
  return of(tool, [...tags, ...named])
}

function of(tool: BuildTool, destinations: readonly string[]): Pushed {
  return destinations.length > 0 ? { tool, destinations } : { tool, destinations, hidden: true }
}

/** Whether an exporter of BuildKit pushes: `type=registry`, or `push=true`. */
export function pushes(output: string): boolean {
  return /(?:^|,)"?(?:type=registry|push=true|push(?=,|$))/.test(output)
}

/** `type=image,"name=a,b",push=true`: several names are quoted, because a comma separates the fields. */
export function namesOf(output: string): readonly string[] {
  const quoted = /"name=([^"]{1,2000})"|name="([^"]{1,2000})"|name='([^']{1,2000})'/.exec(output)
  const plain = /(?:^|,)name=([^,"]{1,500})/.exec(output)?.[1]
  return (quoted?.[1] ?? quoted?.[2] ?? quoted?.[3] ?? plain ?? '').split(',').filter(Boolean)
}
