import { describe, expect, test } from 'vitest'
import type { Cause } from '../../../src/diagnosis/cause.ts'
import { resources } from '../../../src/kubernetes/resources.ts'
import type { Kind } from '../../../src/messages/row.ts'
import { blobMissing } from '../../../src/playbooks/image-pull/causes/content/blob-missing.ts'
import { defaultTagMissing } from '../../../src/playbooks/image-pull/causes/content/default-tag-missing.ts'
import { digestMissing } from '../../../src/playbooks/image-pull/causes/content/digest-missing.ts'
import { execFormat } from '../../../src/playbooks/image-pull/causes/content/exec-format.ts'
import { imageRelocated } from '../../../src/playbooks/image-pull/causes/content/image-relocated.ts'
import { indexChildMissing } from '../../../src/playbooks/image-pull/causes/content/index-child-missing.ts'
import { platformMismatch } from '../../../src/playbooks/image-pull/causes/content/platform-mismatch.ts'
import { repositoryMissing } from '../../../src/playbooks/image-pull/causes/content/repository-missing.ts'
import { tagMissing } from '../../../src/playbooks/image-pull/causes/content/tag-missing.ts'
import { wrongOsImage } from '../../../src/playbooks/image-pull/causes/content/wrong-os-image.ts'
import { crashedImage, crashLog } from '../../../src/playbooks/image-pull/checks/crash.ts'
import {
  imageContent,
  indexChild,
  missingBlobs,
  operatingSystems,
} from '../../../src/playbooks/image-pull/checks/image-content.ts'
import { node } from '../../../src/playbooks/image-pull/checks/nodes.ts'
import { manifest, repositories, tags } from '../../../src/playbooks/image-pull/checks/registry.ts'
import { relocated } from '../../../src/playbooks/image-pull/checks/relocated.ts'
import type { PullFinding } from '../../../src/playbooks/image-pull/model.ts'
import type { Content, Names, Platform, Refusal } from '../../../src/registry/registry.ts'
import { answers, type Fact, fact, factsOf, judgeFacts, summaryOf, unknown } from '../../support/judge-by-facts.ts'

const tagged = 'registry.example/team/app:1.0'
const untagged = 'registry.example/team/app'
const digest = `sha256:${'a'.repeat(64)}`
const pinned = `registry.example/team/app@${digest}`
const notFound = (image: string): string => `failed to resolve reference "${image}": ${image}: not found`
const noMatch = 'failed to pull and unpack image: no match for platform in manifest: not found'

const asked = { method: 'GET', url: 'https://registry.example/v2/team/app/tags/list' } as const
const names = (...of: readonly string[]): Names => ({ status: 'names', asked, names: of, complete: true })
const nameless: Refusal = { status: 'missing', asked, code: 'NAME_UNKNOWN' }
const gone = fact(manifest, { answer: answers.missing, tried: [] })
const goneForLogin = fact(manifest, { answer: answers.missing, tried: ['secret shop/regcred'] })
const there = fact(manifest, { answer: answers.found, tried: [] })
const refused = fact(manifest, { answer: answers.denied, tried: [] })
const noTags = fact(tags, nameless)
const content = (...platforms: readonly Platform[]): Content => ({
  ...{ status: 'content', asked, mediaType: 'application/vnd.oci.image.index.v1+json' },
  ...{ platforms, children: [], blobs: [] },
})
const arm: Platform = { os: 'linux', architecture: 'arm64' }
const amd: Platform = { os: 'linux', architecture: 'amd64' }
const amdNode = resources.nodes.schema.parse({
  metadata: { name: 'node-1' },
  status: { nodeInfo: { operatingSystem: 'linux', architecture: 'amd64' } },
})
const onAmd = fact(node, amdNode)
const move = {
  by: 'Helm',
  since: '2020-10',
  source: 'https://example.com',
  to: { host: 'ghcr.io', repository: 'helm/x' },
}

type Row = readonly [what: string, expected: string, image: string, words: string, facts: readonly Fact[]]
interface Table {
  readonly cause: Cause<Kind, PullFinding>
  readonly rows: readonly Row[]
}

const existence: readonly Table[] = [
  {
    cause: tagMissing,
    rows: [
      ['the list of tags has another one', 'proven', tagged, notFound(tagged), [gone, fact(tags, names('1.1'))]],
      ['tags may not be listed', 'likely', tagged, notFound(tagged), [gone, unknown(tags)]],
      ['the list contradicts the answer', 'likely', tagged, notFound(tagged), [gone, fact(tags, names('1.0'))]],
      ['the repository is missing', 'ruled-out', tagged, notFound(tagged), [gone, noTags]],
      [
        'its last tag was deleted',
        'likely',
        tagged,
        notFound(tagged),
        [gone, noTags, fact(repositories, names('team/app'))],
      ],
      ['the image is there', 'ruled-out', tagged, notFound(tagged), [there]],
      ['no tag was written', 'ruled-out', untagged, notFound(untagged), [gone, fact(tags, names('1.1'))]],
      ['the registry could not be asked', 'undetermined, likely', tagged, notFound(tagged), [unknown(manifest)]],
      ['nobody can tell without a tag', 'undetermined', untagged, notFound(untagged), [unknown(manifest)]],
    ],
  },
  {
    cause: defaultTagMissing,
    rows: [
      ['the list has no latest', 'proven', untagged, notFound(untagged), [gone, fact(tags, names('1.1'))]],
      ['tags may not be listed', 'likely', untagged, notFound(untagged), [gone, unknown(tags)]],
      ['a tag was written', 'ruled-out', tagged, notFound(tagged), [gone, fact(tags, names('1.1'))]],
      ['the repository is missing', 'ruled-out', untagged, notFound(untagged), [gone, noTags]],
      ['the registry could not be asked', 'undetermined, likely', untagged, notFound(untagged), [unknown(manifest)]],
    ],
  },
  {
    cause: digestMissing,
    rows: [
      ['the repository is there', 'proven', pinned, notFound(pinned), [gone, fact(tags, names('1.1'))]],
      ['tags may not be listed', 'likely', pinned, notFound(pinned), [gone, unknown(tags)]],
      ['the repository is missing', 'ruled-out', pinned, notFound(pinned), [gone, noTags]],
      ['no digest was written', 'ruled-out', tagged, notFound(tagged), [gone, fact(tags, names('1.1'))]],
      ['the registry could not be asked', 'undetermined', tagged, noMatch, [unknown(manifest)]],
    ],
  },
  {
    cause: repositoryMissing,
    rows: [
      ['the registry says so to a login', 'proven', tagged, notFound(tagged), [goneForLogin, noTags]],
      ['many hide what is private from strangers so', 'likely', tagged, notFound(tagged), [gone, noTags]],
      [
        'a registry that refuses what it hides says so to strangers',
        'proven',
        'ghcr.io/team/app:1.0',
        notFound('ghcr.io/team/app:1.0'),
        [gone, noTags],
      ],
      [
        'anything that speaks HTTP answers 404',
        'likely',
        tagged,
        notFound(tagged),
        [
          fact(manifest, { answer: { status: 'missing', asked }, tried: [] }),
          fact(tags, { status: 'missing', asked }),
          unknown(repositories),
        ],
      ],
      [
        'the catalogue has it',
        'ruled-out',
        tagged,
        notFound(tagged),
        [gone, noTags, fact(repositories, names('team/app'))],
      ],
      ['it has tags', 'ruled-out', tagged, notFound(tagged), [gone, fact(tags, names('1.1'))]],
      ['the image is there', 'ruled-out', tagged, notFound(tagged), [there, noTags]],
      ['tags could not be listed', 'undetermined', tagged, notFound(tagged), [gone, unknown(tags)]],
    ],
  },
  {
    cause: imageRelocated,
    rows: [
      [
        'gone from the old place, seen at the new one',
        'proven',
        tagged,
        notFound(tagged),
        [gone, fact(relocated, { ...move, answer: answers.found })],
      ],
      [
        'the old place could not be asked',
        'likely',
        tagged,
        notFound(tagged),
        [unknown(manifest), fact(relocated, { ...move, answer: answers.found })],
      ],
      [
        'it is still at the old place',
        'ruled-out',
        tagged,
        notFound(tagged),
        [there, fact(relocated, { ...move, answer: answers.found })],
      ],
      [
        'it is not at the new place',
        'ruled-out',
        tagged,
        notFound(tagged),
        [gone, fact(relocated, { ...move, answer: answers.missing })],
      ],
      ['nobody moved it', 'ruled-out', tagged, notFound(tagged), [gone, fact(relocated, undefined)]],
      ['the new place could not be asked', 'undetermined', tagged, notFound(tagged), [refused, unknown(relocated)]],
    ],
  },
]

const child = { digest: 'sha256:2', platform: amd }
const parts: readonly Table[] = [
  {
    cause: blobMissing,
    rows: [
      ['a layer is missing', 'proven', tagged, notFound(tagged), [fact(missingBlobs, { missing: [digest], of: 3 })]],
      ['every layer is there', 'ruled-out', tagged, notFound(tagged), [fact(missingBlobs, { missing: [], of: 3 })]],
      [
        'the manifest of the platform is missing',
        'ruled-out',
        tagged,
        notFound(tagged),
        [fact(missingBlobs, { missing: [digest], of: 3 }), fact(indexChild, { ...child, answer: answers.missing })],
      ],
      ['layers could not be asked for', 'undetermined', tagged, notFound(tagged), [unknown(missingBlobs)]],
    ],
  },
  {
    cause: indexChildMissing,
    rows: [
      [
        'the index names what is gone',
        'proven',
        tagged,
        noMatch,
        [there, fact(indexChild, { ...child, answer: answers.missing })],
      ],
      ['it is there', 'ruled-out', tagged, noMatch, [there, fact(indexChild, { ...child, answer: answers.found })]],
      ['the tag names no index', 'ruled-out', tagged, noMatch, [there, fact(indexChild, undefined)]],
      ['it could not be asked for', 'undetermined', tagged, noMatch, [there, unknown(indexChild)]],
    ],
  },
  {
    cause: platformMismatch,
    rows: [
      ['the image has other platforms only', 'proven', tagged, noMatch, [fact(imageContent, content(arm)), onAmd]],
      ['the image has this platform too', 'ruled-out', tagged, noMatch, [fact(imageContent, content(arm, amd)), onAmd]],
      ['the image does not tell', 'likely', tagged, noMatch, [fact(imageContent, content()), onAmd]],
      [
        'the kubelet says something else',
        'ruled-out',
        tagged,
        notFound(tagged),
        [fact(imageContent, content(arm)), onAmd],
      ],
      ['it could not be looked into', 'undetermined, likely', tagged, noMatch, [unknown(imageContent), onAmd]],
      [
        'the node could not be read',
        'undetermined, likely',
        tagged,
        noMatch,
        [fact(imageContent, content(arm)), unknown(node)],
      ],
    ],
  },
  {
    cause: wrongOsImage,
    rows: [
      [
        'a Linux image on Windows',
        'proven',
        tagged,
        noMatch,
        [fact(operatingSystems, { node: 'windows', image: ['linux'] })],
      ],
      ['both are Linux', 'ruled-out', tagged, noMatch, [fact(operatingSystems, { node: 'linux', image: ['linux'] })]],
      ['nobody could look', 'ruled-out', tagged, noMatch, [unknown(operatingSystems)]],
    ],
  },
  {
    cause: execFormat,
    rows: [
      [
        'the program and the image are for another processor',
        'proven',
        tagged,
        '',
        [fact(crashLog, 'exec /app: exec format error'), fact(crashedImage, content(arm)), onAmd],
      ],
      [
        'the image was not looked into',
        'likely',
        tagged,
        '',
        [fact(crashLog, 'exec /app: exec format error'), unknown(crashedImage), onAmd],
      ],
      [
        'the image is for this processor: its program alone is not',
        'likely',
        tagged,
        '',
        [fact(crashLog, 'exec /app: exec format error'), fact(crashedImage, content(amd)), onAmd],
      ],
      ['it says something else', 'ruled-out', tagged, '', [fact(crashLog, 'panic: no database'), onAmd]],
      ['it left no words', 'ruled-out', tagged, '', [fact(crashLog, undefined), onAmd]],
      ['its log could not be read', 'undetermined', tagged, '', [unknown(crashLog), onAmd]],
    ],
  },
]

describe.each([...existence, ...parts])('$cause.id', ({ cause, rows }) => {
  test.each(rows)('%s: %s', async (_what, expected, image, words, facts) => {
    expect(summaryOf(await judgeFacts(cause, [...factsOf(image, words), ...facts]))).toBe(expected)
  })
})
