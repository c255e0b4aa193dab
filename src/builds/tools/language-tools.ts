import { flagSet, readArguments, valuesOf } from './arguments.ts'
import type { Pushed } from './pushed.ts'

/** Values of Java properties and Gradle options: `-Dname=value`, `-Pname=value`, `--name=value`, `-p:Name=value`. */
function property(words: readonly string[], ...names: readonly string[]): string | undefined {
  return words
    .map((word) => /^(?:-D|-P|--|[-/]p:|[-/]property:)([\w.-]{1,100})=(.+)$/s.exec(word))
    .find((it) => it && names.includes(it[1] ?? ''))?.[2]
}

const javaPrograms: ReadonlySet<string> = new Set(['mvn', 'mvnw', 'gradle', 'gradlew', 'mvnd'])

/** Maven and Gradle with the plugins of Jib, Spring Boot and Quarkus. */
export function javaBuild(words: readonly string[]): Pushed | undefined {
  const [program = ''] = words
  if (!javaPrograms.has(program)) return undefined
  const jib = words.some((it) => /^:?(?:[\w-]+:)*jib(?::build)?$|jib-maven-plugin(?::[\w.]+)?:build$/.test(it))
  if (jib) return tagged(property(words, 'jib.to.image', 'image'), property(words, 'jib.to.tags'))
  if (
    words.some((it) =>
      /(?:spring-boot(?:-maven-plugin)?(?::[\w.]+)?:build-image(?:-no-fork)?|bootBuildImage)$/.test(it),
    )
  ) {
    const on =
      words.includes('--publishImage') || property(words, 'spring-boot.build-image.publish', 'publishImage') === 'true'
    const name = property(words, 'spring-boot.build-image.imageName', 'imageName')
    return on ? { tool: 'buildpacks', destinations: name ? [name] : [], hidden: !name } : undefined
  }
  return property(words, 'quarkus.container-image.push') === 'true' ? quarkus(words) : undefined
}

function tagged(image: string | undefined, tags: string | undefined): Pushed {
  if (!image) return { tool: 'jib', destinations: [], hidden: true }
  const name = image.replace(/:[^/:]*$/, '')
  return { tool: 'jib', destinations: [image, ...(tags ? tags.split(',').map((tag) => `${name}:${tag}`) : [])] }
}

/** https://quarkus.io/guides/container-image */
function quarkus(words: readonly string[]): Pushed {
  const at = (name: string): string | undefined => property(words, `quarkus.container-image.${name}`)
  const image = at('image')
  if (image) return { tool: 'other', destinations: [image] }
  const [registry, group, name, tag] = [at('registry'), at('group'), at('name'), at('tag')]
  if (!name || !group) return { tool: 'other', destinations: [], hidden: true }
  return { tool: 'other', destinations: [`${registry ? `${registry}/` : ''}${group}/${name}:${tag ?? '$(version)'}`] }
}

/** The command line of Jib, without Maven or Gradle. */
export function jib(words: readonly string[]): Pushed | undefined {
  const given = readArguments(
    words.slice(1),
    flagSet(
      '-t --target -b --build-file -c --context -p --parameter --name --from --additional-tags --credential-helper --username --password --to-username --to-password --from-username --from-password',
    ),
  )
  const [verb = ''] = given.operands
  if (words[0] !== 'jib' || !['build', 'jar', 'war'].includes(verb)) return undefined
  const targets = valuesOf(given, '-t', '--target').filter((it) => !/^(?:docker|tar):\/\//.test(it))
  return targets.length > 0
    ? tagged(targets[0]?.replace(/^registry:\/\//, ''), valuesOf(given, '--additional-tags')[0])
    : undefined
}

/** https://learn.microsoft.com/dotnet/core/containers/publish-configuration */
export function dotnet(words: readonly string[]): Pushed | undefined {
  const container =
    words.some((it) => /[-/](?:t|target):PublishContainer$/i.test(it)) ||
    property(words, 'PublishProfile') === 'DefaultContainer'
  if (words[0] !== 'dotnet' || !words.includes('publish') || !container) return undefined
  const registry = property(words, 'ContainerRegistry')
  if (!registry) return undefined // into the daemon of the machine
  const name = property(words, 'ContainerRepository', 'ContainerImageName')
  const tags = (property(words, 'ContainerImageTags', 'ContainerImageTag') ?? 'latest').replace(/["']/g, '').split(';')
  return name
    ? { tool: 'other', destinations: tags.map((tag) => `${registry}/${name}:${tag}`) }
    : { tool: 'other', destinations: [], hidden: true }
}

/** `bazel run //app:push -- --repository R --tag T`: without these, the name stands in a BUILD file. */
export function bazel(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (!/^bazel(?:isk)?$/.test(program) || !rest.includes('run')) return undefined
  if (!rest.some((it) => /^(?:@[\w.-]*)?\/\/.*push/i.test(it) || /^:.*push/i.test(it))) return undefined
  const end = rest.indexOf('--')
  const given = readArguments(
    end < 0 ? [] : rest.slice(end + 1),
    flagSet('--repository -r --tag -t --registry --destination -dst'),
  )
  const [repository] = valuesOf(given, '--repository', '-r', '--destination', '-dst')
  const tags = valuesOf(given, '--tag', '-t')
  if (!repository) return { tool: 'bazel', destinations: [], hidden: true }
  return { tool: 'bazel', destinations: tags.length > 0 ? tags.map((tag) => `${repository}:${tag}`) : [repository] }
}

/** Tools whose own files name the image: what they push is known to the run alone, unless an argument says it. */
export function programmable(words: readonly string[]): Pushed | undefined {
  const [program = '', ...rest] = words
  if (program === 'earthly')
    return rest.some((it) => it === '--push' || it === '--ci')
      ? { tool: 'earthly', destinations: [], hidden: true }
      : undefined
  if (program === 'dagger') {
    if (!rest.some((it) => /publish|push/i.test(it))) return undefined
    const given = readArguments(rest, (flag) => flag.startsWith('--'))
    const to = valuesOf(
      given,
      '--address',
      '--image',
      '--ref',
      '--tag',
      '--image-ref',
      '--destination',
      '--repository',
    ).filter((it) => it.includes('/'))
    return { tool: 'dagger', destinations: to, hidden: to.length === 0 }
  }
  const given = readArguments(
    rest,
    flagSet('--repo --default-repo -d --tag -t --file-output -p --profile -f --filename --env --dir'),
  )
  if (program === 'werf' && ['build', 'converge', 'export'].includes(given.operands[0] ?? '')) {
    const to = valuesOf(given, '--repo', '--tag')
    return { tool: 'other', destinations: to.map((it) => `${it}:$(stage)`), hidden: to.length === 0 }
  }
  if (
    program === 'skaffold' &&
    ['build', 'run', 'deploy'].includes(given.operands[0] ?? '') &&
    given.operands[0] !== 'deploy'
  )
    return {
      tool: 'other',
      destinations: valuesOf(given, '--default-repo', '-d').map((it) => `${it}/$(image)`),
      hidden: true,
    }
  return undefined
}
