import { type Text, text } from '../text.ts'
import { fillTemplate } from './fill-template.ts'
import { type FoundDocument, findDocument, type KubernetesObject } from './find-document.ts'
import { readMatching } from './read-matching.ts'

/** Where the manifest of an object is in Git. Plain JSON. Paths are relative to the checkout. */
export type GitFile =
  | ({ readonly status: 'found'; readonly path: string } & FoundDocument)
  /** No checkout is configured: where it is to be expected, perhaps with stars. */
  | { readonly status: 'expected'; readonly paths: readonly string[] }
  /** Overlays, for example: which one counts cannot be told. */
  | { readonly status: 'several'; readonly paths: readonly string[] }
  /** With problems it may be there nevertheless. */
  | { readonly status: 'missing'; readonly paths: readonly string[]; readonly problems: readonly Text[] }

/** `templates`: such as `apps/{namespace}/{name}-deployment.yaml`. The object's names may be anyone's: they are checked. */
export async function fileOf(
  object: KubernetesObject,
  templates: readonly string[],
  directory: string | undefined,
  signal?: AbortSignal,
): Promise<GitFile> {
  const paths = templates.flatMap((template) => fillTemplate(template, object) ?? [])
  if (directory === undefined) return { status: 'expected', paths }
  const read = await Promise.all(paths.map((path) => readMatching(directory, path, signal)))
  const files = new Map(read.flatMap((it) => it.files.map(({ path, content }) => [path, content] as const)))
  const searched = [...files].map(([path, content]) => ({ path, ...findDocument(content, object) }))
  const found = searched.flatMap(({ path, found }) => found.map((it) => ({ path, ...it })))
  const [first, second] = found
  if (first && !second) return { status: 'found', ...first }
  if (first) return { status: 'several', paths: [...new Set(found.map(({ path }) => path))] }
  const unread = searched.filter((it) => it.unread > 0)
  const problems = [
    ...read.flatMap((it) => it.problems),
    ...unread.map(({ path }) => text`${path} is not plain YAML, or too much of it`),
  ]
  return { status: 'missing', paths, problems }
}
