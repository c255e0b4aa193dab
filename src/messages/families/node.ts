import type { Row } from '../row.ts'

/** Faults of one node: its disk, its file system, its runtime. */
export const node: readonly Row[] = [
  {
    id: 'node-disk-full',
    says: {
      'disk-full': [
        /no space left on device/i,
        /disk quota exceeded/i,
        /not enough (?:disk )?space/i,
        /insufficient (?:disk|storage) space/i,
      ],
    },
    example:
      'failed to copy: write /var/lib/containerd/io.containerd.content.v1.content/ingest/0/data: no space left on device',
    title: "Node's disk is full",
    means: 'The disk of {node} has no room for the image.',
    remedies: [
      { kind: 'command', title: 'See the conditions of the node', argv: ['kubectl', 'describe', 'node', '{node}'] },
      { kind: 'command', title: 'Keep new pods off it', argv: ['kubectl', 'cordon', '{node}'] },
      {
        kind: 'advice',
        title:
          'Free its disk (unused images, logs) or give it a larger one; a pod that is made again elsewhere pulls there',
      },
    ],
  },
  {
    id: 'image-inspect-failed',
    says: {
      'runtime-failure': [
        /ImageInspectError/,
        /failed to inspect image/i,
        /dial unix \S{1,200}/i,
        /cannot connect to the docker daemon/i,
        /error while dialing.{0,200}\.sock/i,
        /unable to initialize unpacker/i,
        /error reading from server: /i,
        /transport is closing|server preface/i,
      ],
    },
    example:
      'Failed to inspect image "app:1": rpc error: code = Unknown desc = operation timeout: context deadline exceeded',
    title: 'Container runtime does not answer',
    means: 'The container runtime of {node} cannot even look at its images.',
    remedies: [
      { kind: 'advice', title: 'Restart the container runtime of {node}, and read its log' },
      { kind: 'command', title: 'Keep new pods off it meanwhile', argv: ['kubectl', 'cordon', '{node}'] },
    ],
  },
]

/** Asked after what content and TLS say, because these words also wrap others. */
export const unpacking: readonly Row[] = [
  {
    id: 'pull-stalled',
    says: {
      'runtime-failure': [
        /context canceled/i,
        /context deadline exceeded/i,
        /DeadlineExceeded/,
        /operation timeout/i,
        /pull(?:ing)? progress timeout/i,
        /\bref \S{1,200} locked for/i,
      ],
    },
    example:
      'rpc error: code = Canceled desc = failed to pull and unpack image "docker.io/pytorch/pytorch:2.3.0": failed to extract layer sha256:00: context canceled',
    title: 'Pull made no progress',
    means: 'The pull of {image} began, and was given up because nothing came for too long.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Look for a slow or hanging registry, mirror or proxy between {node} and {host}; other large pulls on the node can hold it up too',
      },
      {
        kind: 'command',
        title: 'See what else the node pulls',
        argv: ['kubectl', 'get', 'pods', '-A', '--field-selector', 'spec.nodeName={node},status.phase=Pending'],
      },
    ],
  },
  {
    id: 'node-filesystem-fault',
    says: {
      'runtime-failure': [
        /failed to (?:extract layer|unpack image)/i,
        /failed to prepare extraction snapshot/i,
        /device or resource busy/i,
        /failed to convert whiteout file/i,
        /read-only file system/i,
        /failed to (?:register|mount|apply) layer/i,
        /processing tar file/i,
        /(?:adding|creating) layer\b/i,
        /layer (?:not known|does not exist)/i,
        /snapshotter not loaded|failed to stat snapshot/i,
        /too many open files/i,
        /input\/output error/i,
        /error creating overlay mount/i,
        /failed to create (?:prepare )?snapshot/i,
        /structure needs cleaning/i,
      ],
    },
    example:
      'failed to prepare extraction snapshot "extract-1 sha256:00": failed to unmount target /var/lib/containerd/tmp: device or resource busy',
    title: "Node's file system is at fault",
    means: 'The image was downloaded, and {node} could not unpack it.',
    remedies: [
      { kind: 'advice', title: 'If {image} unpacks on other nodes, repair or replace {node}' },
      { kind: 'command', title: 'Keep new pods off it meanwhile', argv: ['kubectl', 'cordon', '{node}'] },
    ],
  },
]
