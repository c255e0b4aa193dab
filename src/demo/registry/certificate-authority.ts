// What the next import is made of asks for it.
import 'reflect-metadata'
import { KeyObject, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

export interface CertificateAuthority {
  /** Its own certificate, in PEM. */
  readonly pem: string
  /** A certificate for these hosts, which may be addresses, and its key. */
  certify(hosts: readonly string[]): Promise<{ readonly cert: string; readonly key: string }>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
/** Milliseconds. The clock of the simulation goes some days back. */
const month = 30 * 24 * 3_600_000

/** An authority that nobody knows before it is made, for as long as the process runs. */
export async function certificateAuthority(name: string): Promise<CertificateAuthority> {
  const own = await keyPair()
  const validity = { notBefore: new Date(Date.now() - month), notAfter: new Date(Date.now() + month) }
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: `CN=${name}`,
    keys: own,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  })

  async function certify(hosts: readonly string[]) {
    const keys = await keyPair()
    const signed = await X509CertificateGenerator.create({
      ...validity,
      subject: `CN=${hosts[0]}`,
      issuer: certificate.subject,
      publicKey: keys.publicKey,
      signingKey: own.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new SubjectAlternativeNameExtension(hosts.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }))),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      ],
    })
    return { cert: signed.toString('pem'), key: pemOf(keys.privateKey) }
  }

  return { pem: certificate.toString('pem'), certify }
}

function keyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

function pemOf(key: webcrypto.CryptoKey): string {
  return String(KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }))
}
