#!/usr/bin/env node
// Plain JavaScript, because an old Node cannot even read what follows.
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'

const wanted = 24
const major = Number(process.versions.node.split('.')[0])
if (major < wanted) {
  console.error(
    `imagepull needs Node ${wanted} or newer; this is ${process.version} (${process.execPath}).\n` +
      'In a checkout `npm ci` brings a fitting one on Linux, which `npm run -s imagepull -- …` uses (not with --omit=optional).',
  )
  process.exit(2)
}
enableCompileCache()
// Node strips types in a checkout, but not below node_modules: there the built program runs.
const installed = import.meta.url.includes('/node_modules/')
// In a checkout its own settings, made from .env.example. An installed one does not trust the directory that it is called in.
if (!installed && existsSync('.env')) process.loadEnvFile()
const { main } = await import(installed ? '../../dist/src/cli/main.js' : './main.ts')
process.exitCode = await main(process.argv.slice(2))
// The command has ended and said so. A database that is damaged, or a connection that hangs, does not keep the process.
setTimeout(() => process.exit(), 3_000).unref()
