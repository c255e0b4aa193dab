import { gunzipSync } from 'node:zlib'
import { readTar } from '../../registry/storage.ts'
import { type GoHttp, GoHttpError } from '../go-http.ts'
import { statusLine } from '../kubelet/registry-client.ts'
import { BuildFailure, type KanikoLog } from './log.ts'

export type BuildContext = ReadonlyMap<string, string>

/** Fetches the build context: pkg/buildcontext/https.go. A directory is empty, because nothing is mounted. */
export async function fetchContext(
  http: GoHttp,
  address: string,
  log: KanikoLog,
  signal: AbortSignal,
): Promise<BuildContext> {
  if (!address.includes('://') || address.startsWith('dir://')) return new Map()
  if (!address.startsWith('https://')) {
    const forms = 'gs://, dir://, tar://, s3://, git://, https://'
    throw contextFailure(`unknown build context prefix provided, please use one of the following: ${forms}`)
  }
  log.info('Retrieving https tar file')
  const url = new URL(address)
  const answer = await http({ method: 'GET', url, signal }).catch((error) => {
    throw error instanceof GoHttpError ? contextFailure(`Get "${url}": ${error.message}`) : error
  })
  if (answer.status !== 200) throw contextFailure(`HTTPSTar bad status from server: ${statusLine(answer.status)}`)
  log.info('Retrieved https tar file')
  const files = unpacked(answer.body)
  log.info('Extracted https tar file')
  return files
}

function unpacked(archive: Buffer): BuildContext {
  try {
    return readTar(gunzipSync(archive))
  } catch (error) {
    throw contextFailure(
      error instanceof Error && error.message.startsWith('archive/tar') ? error.message : 'gzip: invalid header',
    )
  }
}

/** Makes the error that cobra prints before the program runs. */
function contextFailure(words: string): BuildFailure {
  return new BuildFailure('arguments', `Error: error resolving source context: ${words}`)
}

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

/** Parses a Dockerfile with one stage. Throws BuildFailure with the messages of BuildKit's parser, which Kaniko uses. */
export function parseDockerfile(source: string): Dockerfile {
  const lines = source.replaceAll(/\\\r?\n/g, ' ').split('\n')
  const read = lines.flatMap((line, at) => {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) return []
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(text) ?? []
    return [{ name: name.toUpperCase(), rest, text, line: at + 1 }]
  })
  const wrong = read.find(({ name }) => name !== 'FROM' && !known.has(name))
  if (wrong) throw parseFailure(`dockerfile parse error on line ${wrong.line}: unknown instruction: ${wrong.name}`)
  const [first, ...instructions] = read
  if (first?.name !== 'FROM') throw parseFailure('no build stage in current context')
  return { base: first.rest.split(/\s+/)[0] ?? '', instructions }
}

function parseFailure(words: string): BuildFailure {
  return new BuildFailure('build', `error building image: parsing dockerfile: ${words}`)
}
