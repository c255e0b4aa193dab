import type { Row } from '../row.ts'

/** Not found: only after everything that tells more, for many other errors end in these words. */
export const existence: readonly Row[] = [
  {
    id: 'repository-missing',
    says: {
      'image-not-found': [
        /name unknown/i,
        /NAME_UNKNOWN/,
        /repository name not known/i,
        /repository .{0,300} (?:was )?not found/i,
        /project .{0,200}not found/i,
        /RepositoryNotFound/,
        /repository with name .{0,300} does not exist/i,
        /does not exist or no pull access/i,
      ],
    },
    example: "name unknown: The repository with name 'a/b' does not exist in the registry with id '123456789012'",
    lasting: 'final',
    title: 'Repository does not exist',
    means: '{host} has no repository for {image}: the name, project or region is wrong, or no image was ever pushed.',
    remedies: [{ kind: 'advice', title: 'Correct the name of the image in Git, or push it' }],
  },
  {
    id: 'digest-missing',
    says: {
      'image-not-found': [
        /IMAGE@DIGEST: not found/,
        /URL:https?@DIGEST: 404/,
        /(?:manifest |@)sha\d{3}:[a-f0-9]{8,128}:? not found/i,
      ],
    },
    example:
      'failed to pull and unpack image "a.example/app@sha256:0000000000000000000000000000000000000000000000000000000000000000": failed to resolve image: a.example/app@sha256:0000000000000000000000000000000000000000000000000000000000000000: not found',
    lasting: 'final',
    title: 'Digest does not exist',
    means: '{host} has no image with the digest that {image} names; clean-up rules may have deleted it.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Pin the digest that the tag has now, or push that image again; look at the clean-up rules of the registry',
      },
    ],
  },
  {
    id: 'tag-missing',
    says: {
      'image-not-found': [
        /manifest unknown/i,
        /MANIFEST_UNKNOWN/,
        /manifest for .{1,400} not found/i,
        /IMAGE: not found/,
        /URL:https?: 404/,
        /\b404 not found/i,
        /(?:tag|image|manifest) .{0,300}(?:does not exist|not found)/i,
      ],
    },
    vaguely: {
      'image-not-found': [
        /not found/i,
        /does not exist/i,
        /no such (?:image|manifest|repository|tag)/i,
        /failed to fetch "[^"]{1,200}" from request/i,
        /\bstatus ?(?:code)?\b[^\n]{0,160}\b404\b/i,
      ],
    },
    example: 'failed to resolve reference "docker.io/library/redis:alpin": docker.io/library/redis:alpin: not found',
    lasting: 'final',
    title: 'Tag does not exist',
    means: '{host} has no {image}: the tag is wrong, or was never pushed.',
    remedies: [{ kind: 'advice', title: 'Correct the tag in Git, or build and push {image}' }],
  },
]
