import type { Row } from '../row.ts'

/** containerd tells both sizes. More than was promised came where a part was asked for and the whole was sent. */
function isLongerThanPromised(text: string): boolean {
  const sizes = /failed size validation: (\d{1,18}) != (\d{1,18})/i.exec(text)
  return sizes !== null && Number(sizes[1]) > Number(sizes[2])
}

const rebuild = { kind: 'advice', title: 'Build and push {image} again with current tools' } as const

/** The registry gave something, and it is not what this node can run. */
export const content: readonly Row[] = [
  {
    id: 'schema1-image',
    says: {
      'corrupt-content': [
        /distribution\.manifest\.v1\+(?:prettyjws|json)/i,
        /schema ?1 (?:image )?manifests?.{0,40}no longer supported/i,
        /schema ?1 not supported/i,
        /schema 1 support is (?:disabled|removed)|Docker Image Format v1/i,
      ],
    },
    example:
      'media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1',
    lasting: 'final',
    title: 'Image has an obsolete format',
    means: '{image} is a Docker schema 1 image, which this runtime no longer supports.',
    remedies: [rebuild],
  },
  {
    id: 'html-instead-of-manifest',
    says: { 'corrupt-content': [/unexpected media type text\/html/i, /media type "?text\/html/i] },
    example: 'unexpected media type text/html for sha256:00: not found',
    lasting: 'final',
    title: 'A web page instead of an image',
    means:
      'Something between {node} and the registry answers with a web page: a proxy, a login page, or a mirror with a wrong path.',
    remedies: [
      {
        kind: 'advice',
        title: 'Look at what {host} answers below /v2/ from the node; correct the path of the mirror or the proxy',
      },
    ],
  },
  {
    id: 'layer-mismatch',
    says: {
      'corrupt-content': [
        /number of layers and diffIDs don't match/i,
        /mismatched image rootfs and manifest layers/i,
        /invalid rootfs in image configuration/i,
      ],
    },
    example: 'failed to unpack image on snapshotter overlayfs: mismatched image rootfs and manifest layers',
    lasting: 'final',
    title: 'Layers do not match the configuration',
    means:
      'The manifest of {image} and its configuration disagree about the layers; or it is no image, but a signature or an attestation.',
    remedies: [rebuild],
  },
  {
    id: 'image-encrypted',
    says: {
      'corrupt-content': [/media[- ]?type\b.{0,120}\+encrypted/i],
      'runtime-failure': [
        /\+encrypted\b/i,
        /missing private key needed for decryption/i,
        /no suitable (?:key|decryption|private key)/i,
        /(?:failed|unable|error) .{0,40}decrypt/i,
        /\bocicrypt\b/i,
      ],
    },
    example:
      'failed to extract layer sha256:00: failed to get stream processor for application/vnd.oci.image.layer.v1.tar+gzip+encrypted: missing private key needed for decryption',
    lasting: 'final',
    title: 'Image is encrypted',
    means: 'Layers of {image} are encrypted, and {node} has no key or no decoder for them.',
    remedies: [
      { kind: 'advice', title: 'Give {node} the decoder and the key, or run the pod where they are' },
      { kind: 'advice', title: 'If it should not be encrypted, push {image} again without encryption' },
    ],
  },
  {
    id: 'runtime-too-old',
    says: {
      'corrupt-content': [
        /unsupported (?:docker v2s2 |layer |manifest )?media[- ]?type\b.{0,160}(?:zstd|vnd\.(?:oci|docker)\.)/i,
        /mediaType in manifest should be/i,
        /unsupported image-specific operation on artifact .{0,40}vnd\.(?:docker\.container|oci)\.image\./i,
        /invalid tar header/i,
        /(?:unsupported|unknown) compression .{0,40}zstd/i,
      ],
    },
    example: 'failed to extract layer sha256:00: failed to apply layer: archive/tar: invalid tar header: unknown',
    lasting: 'final',
    atMost: 'likely',
    title: 'Runtime is too old for the image',
    means:
      'The container runtime of {node} does not know the format of {image}, such as layers compressed with zstd. Newer runtimes do.',
    remedies: [
      { kind: 'command', title: 'See the version of the runtimes', argv: ['kubectl', 'get', 'nodes', '-o', 'wide'] },
      {
        kind: 'advice',
        title: 'Update the runtime of {node}, or build {image} with gzip layers and Docker media types',
      },
    ],
  },
  {
    id: 'not-an-image',
    says: {
      'corrupt-content': [
        /is a container image, not an OCI artifact/i,
        /unsupported image-specific operation on artifact/i,
        /no processor for media-type/i,
        /descriptor is neither a manifest (?:n?or) (?:an )?index/i,
        /(?:unexpected|unsupported|unknown|unrecognized) (?:manifest )?media[- ]?type/i,
        /unsupported manifest/i,
        /encountered remote "[^"]{1,200}"/i,
      ],
    },
    example: 'unexpected media type application/vnd.in-toto+json for sha256:00: not found',
    lasting: 'final',
    title: 'Not an image',
    means: '{image} exists, but it is not a container image.',
    remedies: [
      {
        kind: 'advice',
        title: 'Correct the reference in Git; for old runtimes, build without attestations (--provenance=false)',
      },
    ],
  },
  {
    id: 'manifest-invalid',
    says: {
      'corrupt-content': [
        /content size of zero/i,
        /rejecting \d+ byte manifest/i,
        /in header not a valid digest/i,
        /manifest invalid|MANIFEST_INVALID/i,
        /error parsing (?:image )?manifest/i,
      ],
    },
    example: 'failed to resolve image: object reports content size of zero',
    lasting: 'final',
    title: 'Manifest is not valid',
    means: 'The manifest that {host} sends for {image} is empty or not valid.',
    remedies: [
      {
        kind: 'advice',
        title: 'Look for a fault of the registry, or of a proxy or mirror in front of it; push the image again',
      },
    ],
  },
  {
    id: 'index-child-missing',
    says: {
      'corrupt-content': [
        /could not fetch content descriptor \S{1,140} \(application\/vnd\.(?:oci\.image|docker\.distribution)\.manifest\.v\d\+json\)/i,
      ],
      // Decided by the digest of the request, not by words: see `isIndexChild`.
      'image-not-found': [],
    },
    example:
      'failed to pull and unpack image "a.example/app:1": failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:00 (application/vnd.oci.image.manifest.v1+json) from remote: not found',
    lasting: 'final',
    title: 'Image is missing for this platform',
    means:
      'The tag of {image} is an index of several platforms, but the manifest that it names for the platform of {node} is gone, often because of a clean-up of untagged images.',
    remedies: [
      { kind: 'advice', title: 'Build and push {image} again for every platform' },
      { kind: 'advice', title: 'Exclude manifests that a tagged index names from the clean-up' },
    ],
  },
  {
    id: 'blob-missing',
    says: {
      'corrupt-content': [
        /could not fetch content descriptor/i,
        /blob unknown/i,
        /unknown blob/i,
        /BLOB_UNKNOWN/,
        /content at .{0,400} not found/is,
        /URL:https?@BLOB: 404/,
      ],
    },
    example:
      'failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:00 (application/vnd.oci.image.layer.v1.tar+gzip) from remote: not found',
    lasting: 'final',
    title: 'A layer is missing in the registry',
    means: 'The registry has the manifest of {image}, but not all of its layers: garbage collection or lost storage.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Run the build of {image} again, so that it is pushed completely; then look at the storage of the registry',
      },
    ],
  },
  {
    id: 'range-requests-unsupported',
    says: {
      'corrupt-content': [
        /did not process a Range/i,
        /\b416 (?:requested )?range not satisfiable/i,
        /\bstatus ?(?:code)?\b.{0,160}\b416\b/i,
        /(?:unable|failed) to (?:discard|seek) to offset/i,
        /content.range.{0,60}ignored|does not support .{0,20}range/i,
        { test: isLongerThanPromised },
      ],
    },
    example:
      'failed commit on ref "layer-sha256:00": "layer-sha256:00" failed size validation: 243269632 != 243243031: failed precondition',
    lasting: 'final',
    atMost: 'likely',
    title: 'Range requests are ignored',
    means:
      'The runtime asked for a part of a layer, and {host}, or a mirror or proxy before it, sent something other than that part.',
    remedies: [
      { kind: 'advice', title: 'Update the mirror or proxy, or let {node} pull without it' },
      {
        kind: 'advice',
        title:
          'On containerd 2.1 and newer, turn the concurrent fetch of a layer off (concurrent_layer_fetch_buffer = 0)',
      },
    ],
  },
  {
    id: 'corrupt-content',
    says: {
      'corrupt-content': [
        /unexpected commit (?:digest|size)/i,
        /wrong diff ?id/i,
        // Where a request failed by it, no content had come yet.
        /(?<!URL:https?[@A-Z]{0,7}"?: )unexpected EOF/i,
        /short read/i,
        /incomplete deflate data/i,
        /failed precondition/i,
        /(?:filesystem layer|image config|manifest) verification failed/i,
        /(?:checksum|digest) (?:mismatch|verification failed)/i,
        /\b(?:checksum|digest)\b.{0,60} (?:did|does|do|would) not match/i,
        /(?:invalid|wrong) (?:digest|checksum)/i,
        /does not match (?:the )?(?:expected )?digest/i,
        /content digest .{0,120}: not found/is,
        /(?:gzip|zlib|zstd|flate|lz4)[:,] ?(?:invalid|corrupt|data|unexpected)/i,
        /magic number mismatch|invalid input: magic/i,
        /(?:failed size validation|unexpected commit)/i,
      ],
    },
    example:
      'failed commit on ref "layer-sha256:00": "layer-sha256:00" failed size validation: 10 != 20: failed precondition',
    lasting: 'transient',
    title: 'Content is corrupt or truncated',
    means: 'The content that was downloaded for {image} does not match its manifest.',
    remedies: [
      { kind: 'advice', title: 'If all nodes fail: build and push {image} again' },
      {
        kind: 'advice',
        title: 'If one node fails: clean the content store of its runtime, and look at proxies on its way',
      },
    ],
  },
]
