import { Option } from 'commander'
import type { ReaderEntry } from './reader.ts'

/** Options that replace values of the configuration. Without them, the defaults apply. */
const clusters = new Option('--clusters <names>', 'configured clusters, separated by commas')
const alertOptions: readonly Option[] = [
  new Option('--names <names>', 'alert rules to read, separated by commas'),
  clusters,
]

/** Everything that `imagepull read` reads. A new reader is a function and one entry. */
export const readers: readonly ReaderEntry[] = [
  {
    what: 'message',
    does: 'a message of a kubelet or container runtime',
    load: async (options) => (await import('./texts.ts')).createMessageReader(options),
  },
  {
    what: 'webhook',
    does: 'the body of a webhook delivery',
    options: alertOptions,
    load: async (options) => (await import('./alerts.ts')).createWebhookReader(options),
  },
  {
    what: 'post',
    does: 'an alert post, as the Slack API returns it',
    options: [
      ...alertOptions,
      new Option('--patterns <pattern>', 'template of the posts; may be repeated').argParser(
        (pattern: string, before: readonly string[] | undefined) => [...(before ?? []), pattern],
      ),
      new Option('--failing <file>', 'current failures, as a JSON list; adds the matching ones to each alert'),
    ],
    load: async (options) => (await import('./alerts.ts')).createPostReader(options),
  },
  {
    what: 'target',
    does: 'a target that somebody types or pastes',
    options: [clusters, new Option('--guess', 'read free text as the message shortcut does')],
    load: async (options) => (await import('./texts.ts')).createTargetReader(options),
  },
  {
    what: 'build-log',
    does: 'the log of a failed build',
    load: async (options) => (await import('./texts.ts')).createBuildLogReader(options),
  },
  {
    what: 'manifest',
    does: 'Kubernetes objects: what they build, and where they push it',
    load: async () => (await import('./texts.ts')).createManifestReader(),
  },
]
