/** Why a build failed, by what its log says. The order matters: a wrapper such as the push check comes after its causes. */
export interface BuildError {
  readonly class: string
  readonly says: readonly RegExp[]
  readonly example: string
  readonly title: string
  readonly means: string
  /** Stands above the last words of that class, and says what they do not. */
  readonly refines?: string
  /** The same source gives the same error. */
  readonly willRepeat: boolean
  /** It could not push in time: the subject of another playbook. */
  readonly pushTimedOut?: true
}

export const buildErrors: readonly BuildError[] = [
  {
    class: 'disk-full',
    says: [/no space left on device/i, /disk quota exceeded/i],
    example: 'error building image: error building stage: write /kaniko/0: no space left on device',
    title: 'no disk space left',
    means: 'The node, or the ephemeral storage limit of the build, has no room for it.',
    willRepeat: false,
  },
  {
    class: 'invalid-destination',
    says: [/invalid repository name/i, /could not parse reference/i, /getting tag for destination/i],
    example: 'error pushing image: getting tag for destination: could not parse reference: registry:5000/:latest',
    title: 'the destination is no image name',
    means: 'Probably a variable in the destination is empty.',
    willRepeat: true,
  },
  {
    class: 'dockerfile-missing',
    says: [/error resolving dockerfile path/i, /failed to (?:read|find) dockerfile/i, /dockerfile.{0,40}no such file/i],
    example:
      'Error: error resolving dockerfile path: please provide a valid path to a Dockerfile within the build context with --dockerfile',
    title: 'the Dockerfile is not there',
    means: 'The path of the Dockerfile or of the context is wrong, or the source does not have it.',
    willRepeat: true,
  },
  {
    class: 'dockerfile-syntax',
    says: [/parsing dockerfile/i, /dockerfile parse error/i, /unknown instruction/i, /unknown flag:/i],
    example: 'error building image: parsing dockerfile: dockerfile parse error on line 3: unknown instruction: RUNN',
    title: 'the Dockerfile has an error',
    means: 'Correct the line that is named.',
    willRepeat: true,
  },
  {
    class: 'push-timeout',
    says: [
      /(?:push|blob upload|\/v2\/).{0,400}(?:i\/o timeout|context deadline exceeded|TLS handshake timeout|timed out|Client\.Timeout)/is,
    ],
    example:
      'error checking push permissions: checking push permission for "10.43.170.72:5000/app:1": creating push check transport for 10.43.170.72:5000 failed: Get "https://10.43.170.72:5000/v2/": dial tcp 10.43.170.72:5000: i/o timeout',
    title: 'the registry does not answer the push',
    means: 'The build cannot reach the registry in time: look at the registry and the way to it.',
    willRepeat: false,
    pushTimedOut: true,
  },
  {
    class: 'push-refused',
    says: [
      /(?:push|\/v2\/).{0,400}(?:connection refused|no route to host|connection reset|network is unreachable|: EOF)/is,
    ],
    example:
      'error checking push permissions: checking push permission for "10.43.170.72:5000/app:1": creating push check transport for 10.43.170.72:5000 failed: Get "http://10.43.170.72:5000/v2/": dial tcp 10.43.170.72:5000: connect: connection refused',
    title: 'the registry cannot be reached',
    means: 'Nothing answers at the destination: look at the registry and its Service.',
    willRepeat: false,
  },
  {
    class: 'push-plain-http',
    says: [/server gave HTTP response to HTTPS client/i],
    example:
      'creating push check transport for r:5000 failed: Get "https://r:5000/v2/": http: server gave HTTP response to HTTPS client',
    title: 'the registry speaks plain HTTP',
    means: 'The build does not say --insecure for a registry that has no TLS.',
    willRepeat: true,
  },
  {
    class: 'push-tls',
    says: [/x509:/i, /tls: /i],
    example:
      'creating push check transport for r:5000 failed: Get "https://r:5000/v2/": x509: certificate signed by unknown authority',
    title: 'the registry has a certificate that the build does not trust',
    means: 'Give the build the certificate authority of the registry.',
    willRepeat: true,
  },
  {
    class: 'base-image',
    says: [
      /resolving base name/i,
      /failed to get base ?image/i,
      /toomanyrequests/i,
      /failed to get filesystem from image/i,
      /unable to complete operation after \d+ attempts/i,
      /failed to (?:resolve source metadata|load metadata) for/i,
      /error creating build container.{0,200}image/i,
    ],
    example:
      'error building image: unable to complete operation after 0 attempts, last error: GET https://index.docker.io/v2/library/nosuch/manifests/1: MANIFEST_UNKNOWN',
    title: 'the base image cannot be pulled',
    means: 'The image behind FROM is missing, private or rate limited.',
    willRepeat: true,
  },
  {
    class: 'push-unauthorized',
    says: [
      /(?:push|destination|\/v2\/).{0,400}(?:unauthorized|denied|401|403|insufficient_scope)/is,
      /unauthorized: /i,
    ],
    example:
      'error checking push permissions: checking push permission for "r.io/app:1": POST https://r.io/v2/app/blobs/uploads/: UNAUTHORIZED: authentication required',
    title: 'the registry does not let it push',
    means: 'The build has no login for the destination, or one without the right to push.',
    willRepeat: true,
  },
  {
    class: 'push',
    says: [/error (?:checking push permissions|pushing image)/i, /failed to push/i, /creating push check transport/i],
    example: 'error pushing image: failed to push to destination r.io/app:1: unexpected status code 500',
    title: 'the image could not be pushed',
    means: 'Look at the registry.',
    willRepeat: false,
  },
  {
    class: 'context',
    says: [
      /error resolving source context/i,
      /HTTPSTar bad status/i,
      /invalid branch/i,
      /authentication required.{0,40}git|could not read (?:username|from remote)/i,
      /repository not found/i,
    ],
    example: 'Error: error resolving source context: authentication required: Repository not found',
    title: 'the source cannot be fetched',
    means: 'The repository, branch or login of the build context is wrong.',
    willRepeat: true,
  },
  {
    class: 'missing-file',
    says: [
      /failed to get files used from context/i,
      /lstat .{1,300}: no such file or directory/i,
      /failed to compute cache key.{0,200}not found/is,
      /copy failed|no such file or directory/i,
    ],
    example:
      'error building image: error building stage: failed to get files used from context: failed to get fileinfo for /workspace/a.txt: lstat /workspace/a.txt: no such file or directory',
    title: 'a file that the Dockerfile copies is not there',
    means: 'The file is not in the build context: a wrong path, or .dockerignore leaves it out.',
    willRepeat: true,
  },
  {
    class: 'dependencies-unreachable',
    // npm's and Node's codes, and what pip, apt, apk, Go and curl say of the network.
    says: [
      /\bnpm (?:error|ERR!) (?:code |errno )?(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ERR_SOCKET_TIMEOUT|E50\d)\b/i,
      /\b(?:NewConnectionError|ConnectTimeoutError|ReadTimeoutError)\b|Could not fetch URL/,
      /Failed to establish a new connection/i,
      /Temporary failure (?:in name resolution|resolving)/i,
      /temporary error \(try again later\)/i,
      /\bdial tcp [^ ]{1,200}: (?:i\/o timeout|connect: connection refused)/i,
      /curl: \((?:6|7|28|35|56)\)/,
    ],
    example: 'npm error code ECONNREFUSED',
    title: 'a step cannot fetch what it needs',
    means: 'A package mirror or another server did not answer. It may go well again when that answers.',
    refines: 'step',
    willRepeat: false,
  },
  {
    class: 'step',
    says: [
      /failed to execute command/i,
      /waiting for process to exit: exit status \d+/i,
      /did not complete successfully: exit code/i,
      /error building (?:image|stage)/i,
      /exit status \d+/i,
    ],
    example:
      'error building image: error building stage: failed to execute command: waiting for process to exit: exit status 1',
    title: 'a step of the Dockerfile fails',
    means: 'Read the lines before it in the log.',
    willRepeat: true,
  },
]

/** Facts of the pod, for a build that left no such log. */
export const podErrors: Readonly<Record<string, Omit<BuildError, 'says' | 'example'>>> = {
  OOMKilled: {
    class: 'memory',
    title: 'it was killed for want of memory',
    means: 'Raise the memory limit of the build.',
    willRepeat: true,
  },
  Evicted: {
    class: 'evicted',
    title: 'its pod was evicted',
    means: 'The node had no room; it may go well elsewhere.',
    willRepeat: false,
  },
  DeadlineExceeded: {
    class: 'deadline',
    title: 'it took longer than its deadline',
    means: 'Raise activeDeadlineSeconds, or see what it waited for.',
    willRepeat: false,
  },
}
