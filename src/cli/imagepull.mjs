#!/usr/bin/env node
// Plain JavaScript, because an old Node cannot read what follows.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

const wanted = 24
const major = Number(process.versions.node.split('.')[0])
if (major < wanted) process.exit(await runNewer())
nodeModule.enableCompileCache()
// Node strips types in a checkout, but not below node_modules: there the built program runs.
const installed = import.meta.url.includes('/node_modules/')
// In a checkout its own settings, made from .env.example. An installed one does not trust the directory that it is called in.
if (!installed && existsSync('.env')) process.loadEnvFile()
const { main } = await import(installed ? '../../dist/src/cli/main.js' : './main.ts')
process.exitCode = await main(process.argv.slice(2))
// The command has ended and said so. A database that is damaged, or a connection that hangs, does not keep the process.
setTimeout(() => process.exit(), 3_000).unref()

/** Runs the same command with the Node that npm installed beside it. Returns the exit code. */
async function runNewer() {
  const newer = newerNode()
  if (newer) {
    const child = spawn(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    const [code] = await once(child, 'exit')
    return code ?? 1
  }
  console.error(
    `imagepull needs Node ${wanted} or newer; this is ${process.version} (${process.execPath}).\n` +
      'On Linux npm installs a fitting one with imagepull (not with --omit=optional).',
  )
  return 2
}

function newerNode() {
  try {
    return nodeModule.createRequire(import.meta.url).resolve(`node-linux-${process.arch}/bin/node`)
  } catch {
    return undefined // no Linux, or without optional packages
  }
}
