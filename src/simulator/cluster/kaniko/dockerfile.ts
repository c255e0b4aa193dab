import { BuildFailure } from './log.ts'

export interface Instruction {
  /** In capitals. */
  readonly name: string
  readonly rest: string
  /** `RUN npm ci`, as written. */
  readonly text: string
}

export interface Dockerfile {
  readonly base: string
  readonly instructions: readonly Instruction[]
}

const known: ReadonlySet<string> = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
)

/** One stage is enough here. Throws BuildFailure in BuildKit's words, which Kaniko's parser is of. */
export function parseDockerfile(source: string): Dockerfile {
  const lines = source.replaceAll(/\\\r?\n/g, ' ').split('\n')
  const read = lines.flatMap((line, at) => {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) return []
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(text) ?? []
    return [{ name: name.toUpperCase(), rest, text, line: at + 1 }]
  })
  const wrong = read.find(({ name }) => name !== 'FROM' && !known.has(name))
  if (wrong) throw failure(`dockerfile parse error on line ${wrong.line}: unknown instruction: ${wrong.name}`)
  const [first, ...instructions] = read
  if (first?.name !== 'FROM') throw failure('no build stage in current context')
  return { base: first.rest.split(/\s+/)[0] ?? '', instructions }
}

function failure(words: string): BuildFailure {
  return new BuildFailure('build', `error building image: parsing dockerfile: ${words}`)
}
