import { flagSet, isOn, readArguments, valuesOf } from './arguments.ts'
import type { Pushed } from './pushed.ts'

/** skopeo: only `docker://` is a registry; `dir:`, `oci:` and the like are files. */
export function skopeo(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (program !== 'skopeo') return undefined
  const values = flagSet(
    `--command-timeout --override-arch --override-os --override-variant --policy --registries.d --tmpdir --additional-tag --authfile
    --src-authfile --dest-authfile --creds --src-creds --dest-creds --format -f --src-cert-dir --dest-cert-dir --dest-compress-format
    --dest-compress-level --dest-daemon-host --src-daemon-host --digestfile --encryption-key --decryption-key --encrypt-layer --image-parallel-copies
    --multi-arch --retry-times --retry-delay --sign-by --sign-by-sigstore --sign-identity --sign-passphrase-file --src-registry-token --dest-registry-token
    --src-username --src-password --dest-username --dest-password --src-shared-blob-dir --dest-shared-blob-dir --src --dest -s -d --append-suffix`,
  )
  const given = readArguments(rest, values)
  const [verb, ...operands] = given.operands
  const last = operands.at(-1) ?? ''
  if (verb === 'sync' && valuesOf(given, '--dest', '-d').includes('docker') && last)
    return { tool: 'skopeo', destinations: [`${last}/$(image)`] }
  if (verb !== 'copy' || !(last.startsWith('docker://') || last.startsWith('$'))) return undefined
  return { tool: 'skopeo', destinations: [last] }
}

/** https://github.com/google/go-containerregistry/tree/main/cmd/crane/doc */
export function crane(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (program !== 'crane' && program !== 'gcrane') return undefined
  const values = flagSet(
    '--platform --image-refs -t --tag --new_tag --new_layer -f -b --base -m --manifest -a --annotation -l --label -e --env -u --user -w --workdir --entrypoint --cmd -o --output --append --repo --old_base --new_base --original --rebased --exposed-ports -j --jobs',
  )
  const given = readArguments(rest, values)
  const [verb = '', ...operands] = given.operands
  const tags = valuesOf(given, '-t', '--tag', '--new_tag')
  const pushed = (to: readonly string[]): Pushed | undefined =>
    to.length > 0 ? { tool: 'crane', destinations: to } : undefined
  if (['push', 'copy', 'cp'].includes(verb)) return operands.length > 1 ? pushed(operands.slice(-1)) : undefined
  if (['append', 'mutate', 'rebase', 'flatten'].includes(verb) || (verb === 'index' && operands[0] === 'append'))
    return pushed(tags)
  const [image = '', tag = ''] = operands
  return verb === 'tag' && image && tag ? pushed([`${image.replace(/@.*$|:[^/:]*$/s, '')}:${tag}`]) : undefined
}

/** https://regclient.org/cli/regctl/ */
export function regctl(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (program !== 'regctl') return undefined
  const given = readArguments(
    rest,
    flagSet(
      '--host --user-agent -v --verbosity --logopt --format --platform --platforms --create -p --ref --media-type -m --name',
    ),
  )
  const [group = '', verb = '', ...operands] = given.operands
  const to = ['copy', 'cp'].includes(verb)
    ? operands.at(-1)
    : ['import', 'create'].includes(verb)
      ? operands[0]
      : undefined
  const made = verb === 'mod' ? valuesOf(given, '--create')[0] : undefined
  const name = made && !/[/:]/.test(made) ? `${(operands[0] ?? '').replace(/:[^/:]*$/, '')}:${made}` : (made ?? to)
  if (!['image', 'index'].includes(group) || !name || /^ocidir:/.test(name)) return undefined
  return { tool: 'regctl', destinations: [name] }
}

/** oras writes any artifact; `push REFERENCE FILE…`, `copy FROM TO`. */
export function oras(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (program !== 'oras') return undefined
  const given = readArguments(
    rest,
    flagSet(
      '--artifact-type --config --annotation -a --annotation-file --concurrency --export-manifest --format --image-spec -u --username -p --password --registry-config --platform --from-registry-config --to-registry-config --from-username --from-password --to-username --to-password',
    ),
  )
  const [verb, ...operands] = given.operands
  const to = verb === 'push' ? operands[0] : verb === 'copy' || verb === 'cp' ? operands[1] : undefined
  return to && !isOn(given, '--oci-layout', '--to-oci-layout') ? { tool: 'oras', destinations: [to] } : undefined
}

/** `oc image mirror A B`, `imgpkg push -i X`, `imgpkg copy --to-repo X`. */
export function otherCopies(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  const given = readArguments(
    rest,
    flagSet('-i --image -b --bundle --to-repo --registry-config -a --from-file -f --filename --file --tag -t --dir'),
  )
  const [group, verb, ...operands] = given.operands
  if (program === 'oc' && group === 'image' && verb === 'mirror') {
    const to = operands.flatMap((it) => (it.includes('=') ? [it.slice(it.indexOf('=') + 1)] : []))
    const all = to.length > 0 ? to : operands.slice(1)
    return all.length > 0 ? { tool: 'other', destinations: all } : undefined
  }
  if (program !== 'imgpkg') return undefined
  const to = group === 'push' ? valuesOf(given, '-i', '--image') : group === 'copy' ? valuesOf(given, '--to-repo') : []
  return to.length > 0 ? { tool: 'other', destinations: to } : undefined
}
