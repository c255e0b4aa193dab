#!/usr/bin/env node
// kubectl runs `kubectl_complete-imagepull` with the words after `kubectl imagepull`, and reads what can follow.
// See https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/#using-the-command-line-runtime-package
process.argv.splice(2, 0, 'complete', '--')
await import('./imagepull.mjs')
