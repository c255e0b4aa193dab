import type { Row } from '../row.ts'

/** The image is there, and not for this operating system and processor. */
export const platform: readonly Row[] = [
  {
    id: 'wrong-os-image',
    says: {
      'platform-mismatch': [
        /no (?:matching manifest|match) for (?:platform )?windows[/(]/i,
        /operating system does not match the host operating system/i,
        /image operating system .{0,80}(?:is not supported|cannot be used)/i,
        /image's OS .{0,80} is not supported/i,
        /-based image is incompatible with a/i,
        /unsupported (?:os|operating system) .{0,40}windows/i,
      ],
      'runtime-failure': [
        /\/Files\/(?:Program Files|Windows)/,
        /(?:hcsshim::|windowsfilter|snapshotter\.v1\.windows|(?:Process|Import)\w{0,12}Layer).{0,600}(?:cannot find the (?:path|file) specified|parameter is incorrect|module could not be found|incorrect function)/i,
      ],
    },
    example: 'no matching manifest for windows/amd64 10.0.17763 in the manifest list entries',
    lasting: 'final',
    atMost: 'likely',
    title: 'Image is for another operating system',
    means:
      '{image} is not for the operating system of {node}: a Linux image on a Windows node or the reverse, or another build of Windows.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Keep the pod on fitting nodes with a nodeSelector on kubernetes.io/os (and node.kubernetes.io/windows-build), or use the image of that system',
      },
      {
        kind: 'command',
        title: 'See the systems of the nodes',
        argv: ['kubectl', 'get', 'nodes', '-L', 'kubernetes.io/os,node.kubernetes.io/windows-build'],
      },
    ],
  },
  {
    id: 'platform-mismatch',
    says: {
      'platform-mismatch': [
        /no match for platform/i,
        /no matching manifest for/i,
        /no image found in (?:manifest list|image index) for (?:architecture|platform)/i,
        /no supported platform found/i,
        /(?:does not|doesn't) (?:contain|have|support|include) .{0,60}platform/i,
        /does not match the (?:specified|expected|requested|detected) (?:host )?platform/i,
        /does not provide the specified platform/i,
        /cannot be used on this platform/i,
        /choosing (?:an )?image from manifest list/i,
        /no (?:such )?(?:child|manifest) (?:with|for) (?:a )?platform/i,
      ],
    },
    example: 'no match for platform in manifest sha256:00: not found',
    lasting: 'final',
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
]
