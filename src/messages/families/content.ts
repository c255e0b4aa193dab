import type { Row } from '../row.ts'

const rebuild = { kind: 'advice', title: 'Build and push {image} again with current tools' } as const

/** The registry gave something, and it is not what this node can run. */
export const content: readonly Row[] = [
  {
    id: 'platform-mismatch',
    says: {
      'platform-mismatch': [
        /no match for platform/i,
        /no matching manifest for/i,
        /no image found in (?:manifest list|image index) for (?:architecture|platform)/i,
        /no supported platform found/i,
        /does not match the specified platform/i,
        /does not provide the specified platform/i,
        /cannot be used on this platform/i,
        /image operating system .{0,80} is not supported/i,
        /image's OS .{0,80} is not supported/i,
        /-based image is incompatible with a/i,
        /choosing (?:an )?image from manifest list/i,
        /no (?:such )?(?:child|manifest) (?:with|for) (?:a )?platform/i,
      ],
    },
    example: 'no match for platform in manifest sha256:00: not found',
    title: 'No image for this platform',
    means: '{image} exists, but not for the operating system and processor of {node}.',
    remedies: [
      {
        kind: 'command',
        title: 'See the platform of the nodes',
        argv: ['kubectl', 'get', 'nodes', '-L', 'kubernetes.io/arch,kubernetes.io/os'],
      },
      {
        kind: 'advice',
        title:
          'Build the image for that platform too, or keep the pod on fitting nodes with a nodeSelector on kubernetes.io/arch',
      },
    ],
  },
  {
    id: 'schema1-image',
    says: {
      'corrupt-content': [
        /manifest\.v1\+(?:prettyjws|json)/i,
        /schema ?1 (?:image )?manifests?.{0,40}no longer supported/i,
        /schema ?1 not supported/i,
      ],
    },
    example:
      'media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1',
    title: 'Image of an old format',
    means: '{image} is a Docker schema 1 image, which this runtime no longer takes.',
    remedies: [rebuild],
  },
  {
    id: 'html-instead-of-manifest',
    says: { 'corrupt-content': [/unexpected media type text\/html/i, /media type "?text\/html/i] },
    example: 'unexpected media type text/html for sha256:00: not found',
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
    title: 'Layers do not fit the configuration',
    means:
      'The manifest of {image} and its configuration disagree about the layers; or it is no image, but a signature or an attestation.',
    remedies: [rebuild],
  },
  {
    id: 'not-an-image',
    says: {
      'corrupt-content': [
        /is a container image, not an OCI artifact/i,
        /no processor for media-type/i,
        /descriptor is neither a manifest (?:n?or) (?:an )?index/i,
        /(?:unexpected|unsupported|unknown|unrecognized) (?:manifest )?media[- ]?type/i,
        /unsupported manifest/i,
        /encountered remote "[^"]{1,200}"/i,
      ],
    },
    example: 'unexpected media type application/vnd.in-toto+json for sha256:00: not found',
    title: 'Not an image',
    means: '{image} is there, but it is no container image.',
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
    title: 'Manifest is not valid',
    means: 'What {host} gives as the manifest of {image} is empty or broken.',
    remedies: [
      {
        kind: 'advice',
        title: 'Look for a fault of the registry, or of a proxy or mirror in front of it; push the image again',
      },
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
      ],
    },
    example:
      'failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:00 (application/vnd.oci.image.layer.v1.tar+gzip) from remote: not found',
    title: 'A layer is missing in the registry',
    means: 'The registry has the manifest of {image}, but not all of its layers: garbage collection or lost storage.',
    remedies: [
      {
        kind: 'advice',
        title: 'Run the build of {image} again, so that it is pushed whole; then look at the storage of the registry',
      },
    ],
  },
  {
    id: 'corrupt-content',
    says: {
      'corrupt-content': [
        /unexpected commit (?:digest|size)/i,
        /wrong diff ?id/i,
        /unexpected EOF/i,
        /short read/i,
        /incomplete deflate data/i,
        /failed precondition/i,
        /(?:filesystem layer|image config|manifest) verification failed/i,
        /(?:checksum|digest) (?:did not match|mismatch|verification failed)/i,
        /(?:invalid|wrong) (?:digest|checksum)/i,
        /does not match (?:the )?(?:expected )?digest/i,
        /content digest .{0,120}: not found/is,
        /(?:gzip|zlib|zstd|flate|lz4)[:,] ?(?:invalid|corrupt|data|unexpected)/i,
        /magic number mismatch|invalid input: magic/i,
        /invalid tar header/i,
      ],
    },
    example:
      'failed commit on ref "layer-sha256:00": "layer-sha256:00" failed size validation: 10 != 20: failed precondition',
    title: 'Content is corrupt or truncated',
    means: 'What was downloaded for {image} is not what its manifest promises.',
    remedies: [
      { kind: 'advice', title: 'If all nodes fail: build and push {image} again' },
      {
        kind: 'advice',
        title: 'If one node fails: clean the content store of its runtime, and look at proxies on its way',
      },
    ],
  },
]
