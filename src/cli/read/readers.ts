import { Option } from 'commander'
import type { ReaderEntry } from './reader.ts'

/** `alerts` of the configuration; what is not given has its default. */
const alertOptions: readonly Option[] = [
  new Option('--names <names>', 'rules that are read, with commas between them'),
  new Option('--clusters <names>', 'clusters of the configuration, with commas between them'),
]

/** Everything that `imagepull read` reads. A new reader is a file and one entry. */
export const readers: readonly ReaderEntry[] = [
  {
    what: 'message',
    does: 'what a kubelet or a container runtime says',
    load: async (options) => (await import('./message.ts')).createMessageReader(options),
  },
  {
    what: 'webhook',
    does: 'a body that is posted to the webhook',
    options: alertOptions,
    load: async (options) => (await import('./webhook.ts')).createWebhookReader(options),
  },
  {
    what: 'post',
    does: 'an alert post, as the API of Slack gives it',
    options: [
      ...alertOptions,
      new Option('--patterns <pattern>', 'how posts are worded; may stand several times').argParser(
        (pattern: string, before: readonly string[] | undefined) => [...(before ?? []), pattern],
      ),
      new Option('--failing <file>', 'what fails, as a JSON list: adds to each alert what it means'),
    ],
    load: async (options) => (await import('./post.ts')).createPostReader(options),
  },
  {
    what: 'target',
    does: 'what a person types or pastes',
    options: [new Option('--guess', 'read free text as the message shortcut does')],
    load: async (options) => (await import('./target.ts')).createTargetReader(options),
  },
  {
    what: 'build-log',
    does: 'why a build failed, by its log',
    load: async (options) => (await import('./build-log.ts')).createBuildLogReader(options),
  },
  {
    what: 'manifest',
    does: 'what Kubernetes objects build, and where they push it',
    load: async () => (await import('./manifest.ts')).createManifestReader(),
  },
]
