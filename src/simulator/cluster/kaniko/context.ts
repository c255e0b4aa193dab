import { gunzipSync } from 'node:zlib'
import { readTar } from '../../registry/tar.ts'
import { statusLine } from '../kubelet/pull-failure.ts'
import { type GoHttp, GoHttpError } from '../network/go-http.ts'
import { BuildFailure, type KanikoLog } from './log.ts'

export type BuildContext = ReadonlyMap<string, string>

/** The source, by its address: pkg/buildcontext/https.go. Nothing is mounted here, so that a directory is empty. */
export async function fetchContext(
  http: GoHttp,
  address: string,
  log: KanikoLog,
  signal: AbortSignal,
): Promise<BuildContext> {
  if (!address.includes('://') || address.startsWith('dir://')) return new Map()
  if (!address.startsWith('https://')) {
    const forms = 'gs://, dir://, tar://, s3://, git://, https://'
    throw failure(`unknown build context prefix provided, please use one of the following: ${forms}`)
  }
  log.info('Retrieving https tar file')
  const url = new URL(address)
  const answer = await http({ method: 'GET', url, signal }).catch((error) => {
    throw error instanceof GoHttpError ? failure(`Get "${url}": ${error.message}`) : error
  })
  if (answer.status !== 200) throw failure(`HTTPSTar bad status from server: ${statusLine(answer.status)}`)
  log.info('Retrieved https tar file')
  const files = unpacked(answer.body)
  log.info('Extracted https tar file')
  return files
}

function unpacked(archive: Buffer): BuildContext {
  try {
    return readTar(gunzipSync(archive))
  } catch (error) {
    throw failure(
      error instanceof Error && error.message.startsWith('archive/tar') ? error.message : 'gzip: invalid header',
    )
  }
}

/** What cobra prints for an error before the program runs. */
function failure(words: string): BuildFailure {
  return new BuildFailure('arguments', `Error: error resolving source context: ${words}`)
}
