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
        /failed to garbage collect required amount of images/i,
        /database or disk is full/i,
      ],
    },
    example:
      'failed to copy: write /var/lib/containerd/io.containerd.content.v1.content/ingest/0/data: no space left on device',
    lasting: 'transient',
    title: "Node's disk is full",
    means: 'The disk of {node} has no room for the image.',
    remedies: [
      { kind: 'command', title: 'See the conditions of the node', argv: ['kubectl', 'describe', 'node', '{node}'] },
      { kind: 'command', title: 'Keep new pods off it', argv: ['kubectl', 'cordon', '{node}'] },
      {
        kind: 'advice',
        title:
          'Free its disk (unused images, logs) or give it a larger one. A pod that is created again on another node can pull there',
      },
    ],
  },
  {
    id: 'node-registry-config',
    says: {
      'runtime-failure': [
        /(?:parse|load|decode|read|unmarshal)\w{0,4}\b.{0,80}(?:hosts\.toml|registries\.(?:conf|yaml)|registries configuration|registry hosts|\bTOML\b)/i,
        /invalid .?host.? tree|mixing sysregistry v1\/v2/i,
        /missing key \S{1,200} for client certificate/i,
        /(?:failed|unable) to (?:load|read|get|open) .{0,40}(?:X509 key ?pair|CA (?:cert|file|bundle))/i,
        /certs\.d\/.{0,200}(?:no such file|permission denied|invalid|failed)/i,
      ],
    },
    example:
      'level=error msg="failed to decode hosts.toml" error="failed to parse TOML: (4, 3): was expecting token ="',
    lasting: 'final',
    title: 'Registry configuration of the node cannot be read',
    means:
      'The container runtime of {node} cannot read its registry configuration, so it does not use the mirrors, authorities and addresses that are written there.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Correct the file that the message names on {node} (below /etc/containerd/certs.d, /etc/containers or /etc/rancher)',
      },
      {
        kind: 'advice',
        title: 'After an upgrade to containerd 2, check that config_path is still in the section that it reads',
      },
    ],
  },
  {
    id: 'lazy-pull-failed',
    says: {
      'runtime-failure': [
        /snapshot \d{1,9} is not ready/i,
        /dial unix \S{0,100}(?:stargz|nydus|overlaybd|soci|cvmfs)/i,
        /^(?!.*(?:i\/o timeout|connection re|no such host|x509|no space left|\b(?:401|403|404|429|5\d\d) ))(?=.*(?:fail|error|unable|not found|time)).*(?<![\w.])(?:stargz|estargz|nydusd?|rafs|overlaybd|soci)(?![\w-]*\.[a-z])/i,
      ],
    },
    example: 'failed to create containerd container: failed to mount rafs: nydusd did not become ready: timed out',
    lasting: 'final',
    atMost: 'likely',
    title: 'Lazy pull failed',
    means:
      'The snapshotter of {node} fetches the content of {image} only when it is read, and it could not do so. The pull itself succeeded or was skipped.',
    remedies: [
      {
        kind: 'advice',
        title: 'Look at the snapshotter on {node} (nydus, stargz, overlaybd, SOCI): its service and log',
      },
      {
        kind: 'advice',
        title: 'Delete the image on {node} and pull it again, or use the default snapshotter for this pod',
      },
    ],
  },
  {
    id: 'image-lost-after-pull',
    says: {
      'corrupt-content': [
        /(?:create|creating|CreateContainer)\b.{0,200}container\b.{0,600}content digest .{0,120}not found/i,
      ],
      'runtime-failure': [
        /does not resolve to an image ID/i,
        /image not known/i,
        /locating item named\b/i,
        /(?:create|creating)\b.{0,60}container: .{0,400}(?:unpacking image|missing parent)/i,
        /missing parent .{0,200} bucket: not found/i,
        /failed to get image from containerd/i,
      ],
    },
    example: 'reading image "beb1cfa128": locating image with ID "beb1cfa128": image not known',
    lasting: 'final',
    atMost: 'likely',
    title: 'Image is lost on the node',
    means:
      'The runtime of {node} says that it pulled {image}, and but cannot find it, or parts of it, when the container is created.',
    remedies: [
      {
        kind: 'advice',
        title: 'On {node}, delete the image (crictl rmi) and then the pod, so that it is pulled again',
      },
      { kind: 'advice', title: 'If it happens again, update the runtime of {node}; look at its disk and its clean-up' },
    ],
  },
  {
    id: 'image-inspect-failed',
    says: {
      'runtime-failure': [
        /ImageInspectError/,
        /failed to inspect image/i,
        /dial unix \S{1,200}/i,
        /open .{0,6}pipe\S{1,60}.{0,40}cannot find the file/i,
        /cannot connect to the docker daemon/i,
        /error while dialing.{0,200}\.sock/i,
        /unable to initialize unpacker/i,
        /unknown service \S{1,60}(?:Image|Runtime)Service/i,
        /error reading from server: /i,
        /transport is closing|server preface/i,
      ],
    },
    example:
      'Failed to inspect image "app:1": rpc error: code = Unknown desc = operation timeout: context deadline exceeded',
    lasting: 'transient',
    title: 'Container runtime does not answer',
    means: 'The container runtime of {node} does not answer, so the kubelet cannot inspect or pull images.',
    remedies: [
      { kind: 'advice', title: 'Restart the container runtime of {node}, and read its log' },
      { kind: 'command', title: 'Until then, keep new pods off it', argv: ['kubectl', 'cordon', '{node}'] },
    ],
  },
]

/** Asked after what content and TLS say, because these words also wrap others. */
export const unpacking: readonly Row[] = [
  {
    id: 'content-locked',
    says: { 'runtime-failure': [/\bref \S{1,200} locked\b/i] },
    example: 'failed to pull and unpack image "a:b": ref k8s.io/1/layer-sha256:00 locked for 12.3s: unavailable',
    lasting: 'transient',
    title: 'Another pull holds the layer',
    means: 'Another pull on {node} is fetching the same layer, and this one does not wait for it.',
    remedies: [{ kind: 'advice', title: 'Wait: the next attempt finds the layer on the node' }],
  },
  {
    id: 'pull-stalled',
    says: {
      'runtime-failure': [
        /context canceled/i,
        /context deadline exceeded/i,
        /DeadlineExceeded/,
        /operation timeout/i,
        /pull(?:ing)? progress timeout/i,
      ],
    },
    example:
      'rpc error: code = Canceled desc = failed to pull and unpack image "docker.io/pytorch/pytorch:2.3.0": failed to extract layer sha256:00: context canceled',
    lasting: 'transient',
    title: 'Pull made no progress',
    means: 'The pull of {image} began, and the runtime gave up because it got no data for too long.',
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
    lasting: 'final',
    title: "Node's file system is at fault",
    means: '{node} downloaded the image, but could not unpack it.',
    remedies: [
      { kind: 'advice', title: 'If {image} unpacks on other nodes, repair or replace {node}' },
      { kind: 'command', title: 'Until then, keep new pods off it', argv: ['kubectl', 'cordon', '{node}'] },
    ],
  },
]
