import type { Row } from '../row.ts'

/** The kubelet's own verdicts: no registry was contacted. */
export const kubelet: readonly Row[] = [
  {
    id: 'sandbox-image-collected',
    says: {
      'sandbox-image': [
        /\b(?:sandbox|pause|infra) image .{0,2000}(?:no basic auth credentials|pull access denied|authorization failed|authorization token|\bunauthorized\b|\b40[13] (?:unauthorized|forbidden))/i,
      ],
    },
    example:
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "111122223333.dkr.ecr.eu-west-1.amazonaws.com/eks/pause:3.5": failed to pull image "111122223333.dkr.ecr.eu-west-1.amazonaws.com/eks/pause:3.5": unexpected status from HEAD request to https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/eks/pause/manifests/3.5: 401 Unauthorized',
    lasting: 'final',
    atMost: 'likely',
    title: 'Pause image was removed from the node',
    means:
      'The pause image is no longer on {node}, and the container runtime has no login to pull it again. Every new pod on {node} waits for it.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Restart the service that pulls the pause image when the node starts (sandbox-image on EKS), or replace {node}',
      },
      {
        kind: 'advice',
        title: 'Pin the pause image in the configuration of the runtime, so that the kubelet does not collect it',
      },
      { kind: 'command', title: 'Until then, keep new pods off the node', argv: ['kubectl', 'cordon', '{node}'] },
    ],
  },
  {
    id: 'sandbox-image-failed',
    says: {
      'sandbox-image': [
        /failed to (?:get|inspect|pull) (?:the )?sandbox image/i,
        /failed pulling image/i,
        /failed to pull (?:the )?(?:pause|infra) image/i,
        // A pause image whose content is gone shows only when the sandbox is made of it.
        /\b(?:create|run|start) (?:pod )?sandbox\b.{0,1500}(?:unpacking image|failed to extract layer|missing parent|content digest|extraction snapshot|image not known|no such image)/i,
      ],
    },
    example:
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox "a": failed to get sandbox image "registry.k8s.io/pause:3.10": failed to pull image "registry.k8s.io/pause:3.10": dial tcp 1.2.3.4:443: i/o timeout',
    lasting: 'transient',
    title: 'Pause image cannot be pulled',
    means:
      'The node cannot pull its own pause image, so no new pod starts on {node}; the pod and its images are not at fault.',
    remedies: [
      {
        kind: 'command',
        title: 'See whether other new pods on the node hang too',
        argv: ['kubectl', 'get', 'pods', '-A', '--field-selector', 'spec.nodeName={node}'],
      },
      {
        kind: 'advice',
        title:
          'Make the pause image available to the node, or set the sandbox image of its runtime to one that it can pull',
      },
      { kind: 'command', title: 'Until then, keep new pods off the node', argv: ['kubectl', 'cordon', '{node}'] },
    ],
  },
  {
    id: 'short-name-unresolved',
    says: {
      'invalid-image-name': [
        /short-name\s+"?[^"]{0,300}"?\s+did not resolve to an alias/i,
        /short[- ]name (?:mode is enforcing|resolution enforced)/i,
        /no\s+unqualified-search\s+registries/i,
        /no registries configured\b/i,
      ],
    },
    example:
      'Failed to inspect image "": rpc error: code = Unknown desc = short-name "backend:latest" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
    lasting: 'final',
    title: 'Short image name',
    means: 'The image has no registry in its name, and CRI-O on {node} is not configured to search one.',
    remedies: [
      {
        kind: 'advice',
        title: 'In Git, write the registry in front of {image}, for example docker.io/library/… or your own',
      },
    ],
  },
  {
    id: 'invalid-image-name',
    says: {
      'invalid-image-name': [
        /InvalidImageName/,
        /failed to apply default image tag/i,
        /couldn't parse image (?:reference|name)/i,
        /invalid reference format/i,
        /repository name must (?:be (?:lowercase|canonical)|have at least|not be)/i,
        /(?:failed|unable|could not|cannot) (?:to )?parse (?:image )?(?:reference|name)\b/i,
        /(?<!CredentialProviderRequest.{0,200}): invalid port\b/i,
        /invalid (?:image|repository|tag) name\b/i,
        /\b(?:NAME|TAG)_INVALID\b/,
        /repository can only contain the characters|tag can only contain the characters/i,
        /invalid (?:checksum digest length|digest length|checksum digest format)|unsupported digest algorithm/i,
      ],
    },
    example:
      'Failed to apply default image tag "busyBOX": couldn\'t parse image name "busyBOX": invalid reference format: repository name must be lowercase',
    lasting: 'final',
    title: 'Invalid image name',
    means: 'The image reference {image} is not valid, so the kubelet did not ask any registry.',
    remedies: [
      {
        kind: 'advice',
        title: 'Correct the image of container {container} in Git and deploy again; no retry will help',
      },
    ],
  },
  {
    id: 'image-never-pulled',
    says: { 'never-pull': [/is not present with pull policy of never/i, /ErrImageNeverPull/] },
    example: 'Container image "log-generator:latest" is not present with pull policy of Never',
    lasting: 'final',
    title: 'Image is not on the node, and imagePullPolicy is Never',
    means:
      'imagePullPolicy is Never, and {image} is not on {node} (or the pod lacks the pull secret that it was pulled with).',
    remedies: [
      { kind: 'advice', title: 'Set imagePullPolicy to IfNotPresent in Git, or load the image onto the node' },
      {
        kind: 'command',
        title: 'See which images the node has',
        argv: ['kubectl', 'get', 'node', '{node}', '-o', 'jsonpath={.status.images[*].names}'],
      },
    ],
  },
  {
    id: 'cached-image-unverified',
    says: { 'auth-required': [/does not have the proper auth \(image secret\) that was used to pull the image/i] },
    example: 'container image "a.io/b:1" does not have the proper auth (image secret) that was used to pull the image',
    lasting: 'final',
    title: 'Cached image needs its pull secret',
    means: 'The image is on the node, but this pod has no credential that was allowed to pull it.',
    remedies: [{ kind: 'advice', title: 'Give the pod the pull secret of {image}' }],
    atMost: 'possible',
  },
  {
    id: 'pulls-throttled',
    says: { 'kubelet-throttled': [/pull QPS exceeded/i] },
    example: 'Failed to pull image "bash": pull QPS exceeded',
    lasting: 'transient',
    title: 'Kubelet throttles pulls',
    means:
      'Many pods started on {node} at once, and the kubelet limits how many images it pulls a second. It continues by itself.',
    remedies: [
      { kind: 'advice', title: 'Wait a few minutes. Do not delete pods: each new pod adds a pull' },
      {
        kind: 'advice',
        title:
          'If it happens again: imagePullPolicy IfNotPresent, or raise registryPullQPS and registryBurst of the kubelet',
      },
    ],
  },
  {
    id: 'pull-secret-missing',
    says: {
      'pull-secret-missing': [
        /unable to retrieve some image pull secrets/i,
        /unable to retrieve pull secret/i,
        /couldn't find (?:image )?pull secret/i,
      ],
    },
    example: 'Unable to retrieve some image pull secrets (ghcr-secret); attempting to pull the image may not succeed.',
    lasting: 'final',
    title: 'Pull secret does not exist',
    means: 'The pod names a pull secret that is not in its namespace {namespace}.',
    remedies: [
      {
        kind: 'command',
        title: 'See which secrets there are',
        argv: ['kubectl', '-n', '{namespace}', 'get', 'secrets'],
      },
      {
        kind: 'advice',
        title: 'Create the secret in this namespace, or correct its name; a pod cannot use secrets of other namespaces',
      },
    ],
  },
  {
    id: 'pull-secret-malformed',
    says: {
      'pull-secret-malformed': [
        /illegal base64 data at input byte/i,
        /invalid decoded auth/i,
        /unable to (?:parse|decode) (?:the )?auth field/i,
        /invalid (?:docker ?config|dockercfg)/i,
        /parse (?:docker )?auth.{0,80}invalid/i,
      ],
    },
    example: 'illegal base64 data at input byte 0',
    lasting: 'final',
    title: 'Pull secret cannot be read',
    means: 'The kubelet cannot decode a pull secret of the pod, so it does not try to pull.',
    remedies: [
      {
        kind: 'advice',
        title: 'Create the secret again with kubectl create secret docker-registry, which encodes it correctly',
      },
      {
        kind: 'command',
        title: 'See which pull secrets the pod has',
        argv: ['kubectl', '-n', '{namespace}', 'get', 'pod', '{pod}', '-o', 'jsonpath={.spec.imagePullSecrets}'],
      },
    ],
  },
  {
    id: 'credential-provider-failed',
    says: {
      'credential-provider': [
        /(?:failed|failure|error|errors|unable|cannot|invalid|rejected|unsupported|timed out)\b.{0,200}credential[ -]?provider/i,
        /credential[ -]?provider.{0,300}(?:fail|error|exit status|unable|cannot|no such file|denied|invalid|timed out|deadline exceeded|unsupported)/i,
        /CredentialProvider(?:Request|Response|Config)/,
        /while reading 'google-dockercfg/i,
        /error getting credentials/i,
        /docker-credential-\S{1,60}.{0,200}(?:not found|fail|error|exit status|no such file)/i,
        /(?:failed|unable) to (?:get|retrieve|fetch|refresh|load) (?:cached |ecr |acr |gcr )?credentials/i,
        /(?:GetAuthorizationToken|ecr registry auth|pull secrets or registry auth|get authorization token)\b/i,
        /no EC2 (?:IMDS|instance) role found|NoCredentialProviders/i,
        /(?:AAD|ARM|ACR) (?:access |refresh )?token.{0,80}(?:fail|error|audience)/i,
        /metadata (?:server|service|endpoint|host).{0,200}(?:unreachable|timed? ?out|refused|not respond|deadline exceeded)/i,
      ],
    },
    example:
      'Failed getting credential from external registry credential provider: error execing credential provider plugin ecr-credential-provider for image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app: exit status 1',
    lasting: 'final',
    atMost: 'likely',
    title: 'Credential provider failed',
    means:
      'The kubelet of {node} asks a plugin for its login to {host}, and the plugin failed. Its message says why: a missing program, no way to the metadata service, a wrong role or audience.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Correct what the plugin complains about: its program and configuration on {node}, the hop limit of the metadata service (2 for plugins in containers), the role of the node',
      },
    ],
  },
  {
    id: 'credential-provider-silent',
    says: { 'credential-provider': [/credential[ -]?provider/i, /docker-credential-/i] },
    example: 'Failed to pull image "a": the kubelet credential provider plugin returned no credentials',
    lasting: 'final',
    title: 'Credential provider returned no login',
    means: 'The kubelet gets its login for {host} from a plugin on {node}, and the plugin returned none.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Check the image credential provider configuration of the kubelet on {node}, and the rights of the node itself',
      },
    ],
    atMost: 'possible',
  },
]
