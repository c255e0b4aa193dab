import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Configuration } from './configuration.ts'
import { ConfigurationError, type ConfigurationProblem } from './problems.ts'

export interface RegistryFiles {
  readonly host: string
  /** Certificates, in PEM. */
  readonly ca?: string
  /** What imagepull shows of itself: a certificate in PEM. `key` is a function for the same reason as `credentials`. */
  readonly client?: { readonly certificate: string; readonly key: () => string }
  /** Returns the Docker configuration as JSON. A function, so that printing this object shows no credential. */
  readonly credentials?: () => string
}

type Named = 'host' | 'ca' | 'clientCertificate' | 'clientKey' | 'credentialsFile'

/**
 * Reads the files that `registries` names. Call it each time they are needed: a mounted credential may have been replaced.
 * `file` is the name of the configuration, for the error. Throws ConfigurationError with every unusable file.
 */
export function readRegistryFiles(
  file: string,
  registries: readonly Pick<Configuration['registries'][number], Named>[],
): readonly RegistryFiles[] {
  const problems: ConfigurationProblem[] = []
  const read = (path: string, name: string | undefined, wrong: (content: string) => string | undefined) => {
    if (name === undefined) return undefined
    const { content, problem } = contentOf(name, wrong)
    if (problem !== undefined) problems.push({ path, message: `names ${name}, which ${problem}` })
    return content
  }
  const files = registries.map(({ host, ca: caFile, clientCertificate, clientKey, credentialsFile }, index) => {
    const ca = read(`registries[${index}].ca`, caFile, notCertificates)
    const credentials = read(`registries[${index}].credentialsFile`, credentialsFile, notJson)
    const certificate = read(`registries[${index}].clientCertificate`, clientCertificate, notCertificates)
    const key = read(`registries[${index}].clientKey`, clientKey, (content) => notKeyOf(certificate, content))
    const client = certificate && key ? { certificate, key: () => key } : undefined
    return {
      host,
      ...(ca && { ca }),
      ...(client && { client }),
      ...(credentials && { credentials: () => credentials }),
    }
  })
  if (problems.length > 0) throw new ConfigurationError('invalid', file, problems)
  return files
}

function contentOf(
  name: string,
  wrong: (content: string) => string | undefined,
): { readonly content?: string; readonly problem?: string } {
  try {
    const content = readFileSync(name, 'utf8')
    const problem = wrong(content)
    return problem === undefined ? { content } : { problem }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return { problem: code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})` }
  }
}

function notCertificates(content: string): string | undefined {
  try {
    new X509Certificate(content)
    return undefined
  } catch {
    return 'does not begin with a certificate in PEM'
  }
}

/** The message of OpenSSL is not used: it could quote the key. */
function notKeyOf(certificate: string | undefined, content: string): string | undefined {
  try {
    const key = createPrivateKey(content)
    const fits = certificate === undefined || new X509Certificate(certificate).checkPrivateKey(key)
    return fits ? undefined : 'is not the key of the client certificate'
  } catch {
    return 'is not a private key in PEM without a password'
  }
}

/** The parser's message may quote the file, so it is not used. */
function notJson(content: string): string | undefined {
  try {
    JSON.parse(content)
    return undefined
  } catch {
    return 'is not JSON'
  }
}
