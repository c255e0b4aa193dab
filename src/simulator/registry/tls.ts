import 'reflect-metadata' // required before @peculiar/x509
import { KeyObject, webcrypto } from 'node:crypto'
import { createServer, isIP, type Socket } from 'node:net'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { type Listening, listenOnLoopback } from '../listen.ts'

// What the next import is made of asks for it.

export interface CertificateAuthority {
  /** Its own certificate, in PEM. */
  readonly pem: string
  /** Issues a certificate with its key for hosts or addresses. */
  certify(hosts: readonly string[]): Promise<{ readonly cert: string; readonly key: string }>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
/** Milliseconds. Certificates are valid this long before and after now, because the simulation's clock is set back. */
const month = 30 * 24 * 3_600_000

/** Creates a certificate authority that exists only in this process. */
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
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
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

// RFC 8446, 6.2: an alert record, fatal, handshake_failure.
const alert = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])

/** Starts a server that answers every TLS handshake with an alert, like a broken gateway. */
export async function handshakeBreaker(): Promise<Listening> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined) // the client may close the connection after the alert
    socket.once('data', () => socket.end(alert))
  })
  const port = await listenOnLoopback(server)
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** Starts a server that accepts connections and never answers. */
export async function silentServer(): Promise<Listening> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  const port = await listenOnLoopback(server)
  return {
    port,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
