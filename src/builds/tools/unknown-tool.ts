import type { Variables } from '../container/variables.ts'
import { flagSet, isOn, readArguments, valuesOf } from './arguments.ts'
import type { Pushed } from './pushed.ts'

// Programs that push something else than images, or only name them.
const noBuilders: ReadonlySet<string> = new Set(
  `echo printf cat tee grep egrep sed awk head tail sort test [ [[ true false : exit return sleep cd pushd popd ls cp mv ln rm mkdir
  chmod chown touch find tar unzip curl wget git hub gh glab svn ssh scp rsync apt apt-get apk yum dnf microdnf pip pip3 npm npx yarn
  pnpm twine poetry cargo gem bundle mvn mvnw gradle gradlew kubectl helm helmfile kustomize flux argocd argo tkn trivy grype syft
  cosign notation crictl aws az gsutil s3cmd mc rclone terraform tofu pulumi ansible ansible-playbook vault which type command export
  docker podman buildah nerdctl img ctr skopeo crane gcrane regctl oras buildctl executor warmer ko pack jib bazel dotnet go
  set read unset source . trap wait kill exec eval sh bash ash dash python python3 node mongo mysql psql pg_dump redis-cli`.split(
    /\s+/,
  ),
)
const verbs =
  /^(?:--?)?(?:docker-|image-|container-|build-and-|and-)?(?:push|publish)(?:-image|-images|-docker|-container|Image)?(?:=true)?$|^(?:release|build)-push$/
const imageFlag =
  /^--?(?:[a-z-]{0,30}(?:image|img)[a-z-]{0,20}|tag|t|destination|dest|target|ref|reference|repo|repository|output|to)$/i
const imageVariable = /^(?:[A-Z_]{0,30}(?:IMAGE|IMG)[A-Z_]{0,20})=(.+)$/s

/**
 * A program that nobody knows here, which is told to push or publish something that is an image's name. What it names
 * without such a word is a lead, and no build.
 */
export function unknownTool(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (noBuilders.has(program) || !rest.some((it) => verbs.test(it))) return undefined
  const byFlag = rest.flatMap((word, at) => {
    const variable = imageVariable.exec(word)?.[1]
    if (variable) return [variable]
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    if (!imageFlag.test(name)) return []
    return equals < 0 ? (rest[at + 1] ?? []) : [word.slice(equals + 1)]
  })
  const named = [...byFlag.filter(isImage), ...rest.filter((it) => hasHost.test(it) && isImage(it))]
  return named.length > 0 ? { tool: 'other', destinations: named } : undefined
}

// The grammar of references, with room for variables. https://github.com/distribution/reference
const image =
  /^(?:docker:\/\/)?(?:[\w.-]{1,255}(?::\d{1,5})?\/|\$[\w{}().-]{1,200}\/?)?[a-z0-9$][\w./${}()-]{0,255}(?:[:@][\w.:${}()-]{1,200})?$/
const hasHost =
  /^(?:docker:\/\/)?(?:localhost|[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,10})(?::\d{1,5})?\/|^[a-z0-9.-]{1,253}:\d{1,5}\//i

function isImage(word: string): boolean {
  return (
    word.length < 1_000 &&
    image.test(word) &&
    /[/:]/.test(word) &&
    !/^[./]/.test(word) &&
    !/^\w+:\/\/(?<!docker:\/\/)/.test(word)
  )
}

/** Builds of a cloud that a command orders. They push to a registry all the same. */
export function cloudBuild(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (program === 'gcloud' && rest.includes('builds') && rest.includes('submit')) {
    const given = readArguments(rest, flagSet('--tag -t --config --project --region --substitutions --pack --timeout'))
    const tags = valuesOf(given, '--tag', '-t')
    const packed = valuesOf(given, '--pack').flatMap((it) => /(?:^|,)image=([^,]{1,500})/.exec(it)?.[1] ?? [])
    const to = [...tags, ...packed]
    return { tool: 'other', destinations: to, hidden: to.length === 0 }
  }
  if (program !== 'az' || rest[0] !== 'acr' || rest[1] !== 'build') return undefined
  const given = readArguments(
    rest.slice(2),
    flagSet('-r --registry -t --image -f --file -g --resource-group --platform --build-arg --target'),
  )
  const [registry = '$(registry)'] = valuesOf(given, '-r', '--registry')
  const host = registry.includes('.') || registry.startsWith('$') ? registry : `${registry}.azurecr.io`
  if (isOn(given, '--no-push')) return undefined
  return { tool: 'other', destinations: valuesOf(given, '-t', '--image').map((it) => `${host}/${it}`) }
}

const plugins: readonly (readonly [image: RegExp, tool: Pushed['tool']])[] = [
  [/kaniko/, 'kaniko'],
  [/buildx/, 'buildkit'],
  [/buildah/, 'buildah'],
  [/docker|ecr|gcr|gar|acr/, 'docker'],
]

/** Plugins of Drone and Woodpecker take their settings as variables. https://plugins.drone.io/plugins/docker */
export function ciPlugin(image: string, variables: Variables): Pushed | undefined {
  const repositories = (variables.get('PLUGIN_REPO') ?? '').split(',').filter(Boolean)
  const tool = plugins.find(([pattern]) => pattern.test(image.slice(-300)))?.[1]
  if (!tool || repositories.length === 0 || variables.get('PLUGIN_DRY_RUN') === 'true') return undefined
  const registry = variables.get('PLUGIN_REGISTRY')?.replace(/^https?:\/\//, '')
  const tags = (variables.get('PLUGIN_TAGS') ?? variables.get('PLUGIN_TAG') ?? 'latest').split(',').filter(Boolean)
  const names = repositories.map((it) =>
    registry && !it.startsWith(registry) && !/^[^/]*[.:][^/]*\//.test(it) ? `${registry}/${it}` : it,
  )
  return { tool, destinations: names.flatMap((name) => tags.map((tag) => `${name}:${tag.trim()}`)) }
}

/** The pod of an OpenShift build keeps the Build as JSON in a variable. */
export function openShiftBuild(variables: Variables): Pushed | undefined {
  const build = variables.get('BUILD')
  if (!build?.includes('"output"')) return undefined
  try {
    const parsed: unknown = JSON.parse(build)
    const output = (parsed as { spec?: { output?: { to?: { kind?: unknown; name?: unknown } } } })?.spec?.output?.to // read with care below
    const name = output?.name
    if (typeof name !== 'string') return { tool: 'openshift', destinations: [], noPush: true }
    return { tool: 'openshift', destinations: [name] }
  } catch {
    return { tool: 'openshift', destinations: [], hidden: true }
  }
}
