import type { BuildError, BuildErrorClass } from './classes.ts'

export type Found = { readonly class: BuildErrorClass } & Partial<BuildError>
/** What the builder did when it failed. */
export type Phase = 'push' | 'base' | 'step' | 'context'

export const isWarning =
  /^(?:\S{0,40}\s)?(?:WARN|WARNING|DEBU|DEBUG|time="[^"]{1,40}" level=(?:warn|debug))|\bretrying\b|^\s*(?:npm )?warn(?:ing)?:? |attempt \d+ of \d+/i

// A step of the Dockerfile ended with an error: what its own output says of logins or certificates is about the step.
export const endsStep =
  /did not complete successfully|returned a non-zero code|executor failed running|failed to execute command|waiting for process to exit|building at STEP|while running runtime|subprocess exited with status|error building stage: failed to execute|The command '.{1,2000}' returned|BUILD FAILURE: build command|no buildpacks participating|No buildpack groups passed detection/i

// BuildKit's and docker's line that begins a step.
export const startsStep = /^(?:INFO\[\d+\] RUN |Step \d+\/\d+ : |STEP \d+(?:\/\d+)?: )/

export const memory =
  /signal: killed|\bOOMKilled\b|exit(?:ed)?(?: with)?(?: status| code)?:? ?137\b|code:? ?137\b|status:? ?137\b|\bout of memory\b|cannot allocate memory|heap out of memory|java\.lang\.OutOfMemoryError|(?:^|\s)Killed\s*$|\bENOMEM\b|oom-kill|\bKilled signal\b/i
export const diskFull =
  /no space left on device|disk quota exceeded|\bENOSPC\b|ephemeral local storage usage exceeds|not enough free (?:disk )?space|enough free space in \/|low on resource: ephemeral-storage/i
export const platform =
  /exec format error|no match for platform|no matching manifest for|does not match the (?:specified|expected|detected) (?:host )?platform|image operating system "\w{1,20}" cannot be used|no image found in (?:manifest list|image index) for (?:architecture|platform)|no child with platform|(?:matching|with) platform \w{1,20}\/\w{1,20} (?:not )?found|qemu: uncaught target signal|exec user process caused.{0,40}exec format|cannot execute binary file/i

export const loopback = /\b127\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|\blocalhost\b|\[::1\]/i
// The package managers' own words for a server that does not answer.
export const unreachables: readonly RegExp[] = [
  /\bnpm (?:error|ERR!) (?:code |errno )?(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ERR_SOCKET_TIMEOUT|E50\d)\b/i,
  /\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ESOCKETTIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b/,
  /\b(?:NewConnectionError|ConnectTimeoutError|ReadTimeoutError|MaxRetryError|ProxyError)\b|Could not fetch URL/,
  /Failed to establish a new connection|network connectivity problem|network (?:is unreachable|timeout at)/i,
  /Temporary failure (?:in name resolution|resolving)|Could not resolve (?:host|proxy|['"])|Name or service not known|Name does not resolve|bad address '/i,
  /temporary error \(try again later\)|unable to select packages.{0,40}network/i,
  /\b(?:dial|read|write) (?:tcp|udp) .{1,300}(?:i\/o timeout|connection refused|connection reset|no such host|no route to host|unreachable|server misbehaving)/i,
  /\blookup \S{1,255} on \S{1,60}: |\blookup \S{1,255}: (?:i\/o timeout|no such host|Temporary failure)/i,
  /curl: \((?:5|6|7|18|28|35|52|55|56|92)\)|\bCurl error \((?:5|6|7|18|28|35|52|55|56|92)\)/i,
  /Could not (?:transfer|download|connect to|find artifact).{0,400}(?:unknown host|timed out|refused|reset|unreachable|status code: 50\d|handshake)|Unknown host |UnknownHostException|java\.net\.(?:Connect|SocketTimeout|NoRouteToHost|Socket)Exception|Connect to .{1,300} failed|(?:Connect|Read) timed out/i,
  /\bNU1301\b|Unable to load the service index|error NU\d{4}.{0,200}(?:timed out|respond)/i,
  /failed: (?:Connection|Operation) timed out|(?:Connection|Operation) timed out|connection timed out|Connection refused|Connection reset by peer|No route to host|unable to resolve host address|TLS handshake timeout|net\/http: request canceled/i,
  /fatal: unable to access '.{1,400}': (?:Could not resolve|Failed to connect|.{0,60}timed out)|spurious network error|failed to download from `|error sending request for url/i,
  /Failed to fetch \S{1,400}.{0,200}(?:50\d|timed out|refused|could not)|Hash Sum mismatch|Cannot download .{0,300}: All mirrors were tried|Errors during downloading metadata/i,
  /Gem::RemoteFetcher|Could not reach host|Bundler::HTTPError|context deadline exceeded/i,
]

export const permission =
  /chown .{0,400}operation not permitted|operation not permitted.{0,60}(?:chown|user namespace)|\bunshare\b.{0,200}(?:operation not permitted|permission denied|no space left|invalid argument)|newuidmap|newgidmap|error during unshare|(?:failed to|cannot|could not) (?:set ?up|create|clone|mount|unshare|join).{0,200}(?:operation not permitted|permission denied)|\bmount(?:ing)?\b.{0,400}(?:operation not permitted|permission denied)|fork\/exec \/proc\/self\/exe: |setgroups.{0,60}(?:operation not permitted|permission denied)|fuse: device not found|(?:fuse-overlayfs|overlay).{0,200}(?:operation not permitted|permission denied)|kaniko should only be run inside of a container|insufficient UIDs or GIDs|no subuid ranges|potentially insufficient|cannot run in rootless mode|rootlesskit.{0,200}(?:operation not permitted|permission denied)|lchown .{0,300}(?:operation not permitted|invalid argument)|setxattr .{0,300}operation not (?:permitted|supported)|(?:uid|gid)_map\b.{0,200}(?:operation not permitted|permission denied)|(?:adding layer|applying layer|tar file|unpacking).{0,400}(?:operation not permitted|permission denied)|(?:mkdir|chmod|open|stat) \S{0,200}\/(?:run\/(?:user|libpod|containers|buildkit|docker)|containers\/(?:storage|cache)|\.local\/share\/(?:containers|buildkit))\b.{0,200}permission denied|mkdir \/kaniko.{0,100}permission denied|open \/kaniko.{0,100}permission denied|unable to (?:set|create) .{0,100}seccomp/i

/** A step that did not even begin: the runtime of its container may not do what it has to. */
export const runtimeRefused =
  /(?:\brunc\b|\bcrun\b|container init|OCI runtime).{0,400}(?:operation not permitted|mount.{0,200}permission denied)/i

export interface Decision {
  readonly says: RegExp
  readonly is: Found
  /** Not where the line also says this. */
  readonly but?: RegExp
}

// Words that decide by themselves, in the order of how much they tell.
export const decisions: readonly Decision[] = [
  {
    says: /Cannot connect to the Docker daemon|Is the docker daemon running|could not connect to unix:|buildkitd\.sock|(?:docker|podman|containerd)\.sock.{0,200}(?:no such file|refused|timeout|connect)|no active session|transport is closing|error during connect:|failed to list workers|listing workers for Build|frontend grpc server closed|rpc error: code = Unavailable|failed to connect to (?:the )?(?:podman|docker|buildkit)|Cannot connect to Podman|Unable to connect to Podman socket|transport: Error while dialing|could not connect to tcp:|failed to (?:get|find) (?:running )?buildkitd|BuildKit is (?:not running|unreachable)/i,
    is: { class: 'daemon' },
    but: /permission denied while trying/i,
  },
  {
    says: /permission denied while trying to connect to the (?:Docker|docker)/i,
    is: {
      class: 'daemon',
      means: 'The build may not use the socket of the daemon: run it with the group or user that may.',
      willRepeat: true,
    },
  },
  {
    says: permission,
    is: { class: 'permission' },
  },
  {
    says: /error resolving dockerfile path|failed to (?:read|find|load) (?:the )?dockerfile|unable to evaluate symlinks in Dockerfile path|Cannot locate (?:the )?specified Dockerfile|(?:open|lstat|stat|find) \S{0,300}(?:Dockerfile|Containerfile)\S{0,100}: (?:no such file|file does not exist)|specified (?:Dockerfile|containerfile|container file).{0,200}(?:not exist|no such file|not found)|no (?:such )?(?:Containerfile or Dockerfile|Dockerfile|Containerfile) (?:was )?(?:specified or )?(?:found|exists)|Dockerfile (?:not found|does not exist)|(?:Dockerfile|Containerfile)\S{0,60} (?:not found|does not exist|was not found)/i,
    is: { class: 'dockerfile-missing' },
  },
  {
    says: /parsing dockerfile|dockerfile parse error|unknown instruction|unknown flag: [a-z]|Unknown Dockerfile instruction|failed to parse stage name|should not be blank|no build stage in current context|(?:Dockerfile|file) (?:\S{1,100} )?cannot be empty|file with no instructions|requires (?:exactly|at least) \w{1,10} arguments?|invalid from flag value|target stage .{1,200} could not be found|failed to reach build target|is not a valid target build stage|Missing build stage|unexpected end of statement|syntax error.{0,60}Dockerfile|error parsing (?:Dockerfile|containerfile)|no FROM statement|failed to process "/i,
    is: { class: 'dockerfile-syntax' },
  },
  {
    says: /tag is immutable|TAG_INVALID|cannot be overwritten|ImageTagAlreadyExists|immutable tag|tag (?:is )?immutable|configured as immutable|does not allow updating assets|tag .{1,200} already exists in|cannot overwrite|immutability/i,
    is: { class: 'immutable-tag' },
  },
  {
    says: /invalid repository name|KO_DOCKER_REPO .{0,60}(?:unset|not set|empty)|could not parse reference|getting tag for destination|invalid reference format|repository can only contain|tag can only contain|repository name must be (?:lowercase|canonical)|repository must be between|invalid tag "|invalid image (?:name|reference)|error parsing (?:reference|name)|unsupported character|parsing (?:destination|reference)/i,
    is: { class: 'invalid-destination' },
  },
  {
    says: /(?:toomanyrequests|too many requests|pull rate limit|(?<![\w.:-])429(?![\w.-])).{0,400}/i,
    is: { class: 'base-rate-limited' },
    but: /\bpush|blobs\/uploads|\bnpm\b|\bpip\b|https?:\/\/(?:api\.)?github\.com/i,
  },
  {
    says: /failed to get files used from context|failed to get fileinfo|copy failed|add failed|failed to compute cache key|failed to calculate checksum|no items matching glob|no source files were specified|COPY .{0,300}no such file|ADD .{0,300}no such file|copier: stat|file not found in build context|forbidden path outside the build context|(?:using|checking on|resolving) sources? .{0,300}no such file/i,
    is: { class: 'missing-file' },
    but: /failed to (?:resolve|authorize|do request|fetch|pull)|context canceled|i\/o timeout|no space left/i,
  },
]

// The source of the build: Kaniko's context, git, tar archives and buckets.
export const context =
  /error resolving source context|repository does not contain ref|failed to load cache key: .{0,200}(?:repository|git|ref\b)|HTTPSTar bad status|invalid branch|fatal: (?!unable to access)|could not read (?:Username|Password|from remote)|Remote branch .{1,300} not found|repository ['"]?\S{0,300}['"]? ?not found|Permission denied \(publickey|Host key verification failed|Authentication failed for|couldn't find remote ref|reference not found|object not found.{0,60}git|unable to prepare context|error initializing source|unable to get (?:source|build) context|failed to fetch remote|NoSuchBucket|NoSuchKey|storage: (?:bucket|object) doesn't exist|fatal: unable to access|failed to load cache key.{0,200}(?:git|http)|error (?:cloning|fetching) (?:repo|git|source)|remote: (?:Repository not found|Invalid username|HTTP Basic: Access denied|The project you were looking for)|unpacking tar|gzip: invalid header|ssh: (?:handshake failed|unable to authenticate)|pathspec '.{1,300}' did not match|path "?.{1,300}"? not found$/i

export const phaseOfLine: readonly (readonly [Phase, RegExp])[] = [
  // Words that only the base image has stand before those of a push, which registries also say of a pull.
  [
    'base',
    /failed to solve: [\w./:@-]{3,300}: (?!failed to push|push)(?:[\w./:@-]{3,300}: )?(?:not found|failed to (?:resolve|do request))|pull access denied|getting stage builder|error building image: (?:GET|HEAD|Get|Head) |load metadata for|resolve source metadata|resolving base name|creating build container|initializing source|reading manifest \S{1,300} in |trying to pull|failed to fetch anonymous token|scope=(?!\S{0,400}push)\S{0,400}pull/i,
  ],
  [
    'push',
    /error (?:checking push permissions|pushing image)|push permission|failed to push|creating push check transport|unable to push|could not push|\bpush(?:ing|ed)? .{0,200}(?:fail|error|denied|refused|timeout)|pushing (?:image|manifest|layer|blob|cache)|copying image to the remote destination|\/blobs\/uploads|writing (?:blob|manifest|layer)|uploading (?:layer|blob|manifest|image)|at destination|initializing destination|committing the finished image|failed commit on ref|failed to (?:export|publish)|publishing|exporting to (?:image|registry)|error exporting|\b(?:PUT|POST|PATCH) "?https?:|requested access to the resource is denied|permission_denied: write|not allowed to create|actions?=push|[,:%]push\b|scope=.{0,300}push|write image to the following tags|Build and push image failed|to push image|logging in(?:to)? |docker login|login attempt|Unauthorized for |error copying image/i,
  ],
  [
    'base',
    /error building image: (?:getting stage builder|GET |HEAD |Get |Head |Failed to|failed to get|unable to complete)|getting stage builder|resolving base name|base ?image|failed to get filesystem from image|load metadata for|resolve source metadata|unable to complete operation after|retrieving image|creating build container|initializing source|determining manifest|pull access denied|pulling (?:image|from)|failed to (?:resolve|pull)|manifest (?:for .{1,300} )?(?:not found|unknown)|short-name|failed to copy: httpReadSeeker|trying to pull|actions?=pull|%3Apull|:pull\b|\b(?:GET|HEAD|Get|Head) "?https?:\/\/\S{1,400}\/manifests\/|failed to fetch anonymous token|failed to authorize|run image|builder image|reading manifest|unable to find image|failed to fetch (?:run|builder|base)|error pulling/i,
  ],
  ['step', endsStep],
  ['context', context],
]

// What the lines above say of what goes on.
export const phaseAbove: readonly (readonly [Phase, RegExp])[] = [
  [
    'push',
    /exporting to (?:image|registry)|exporting manifest|pushing (?:layers|manifest|image)|The push refers to repository|Pushing image to|Copying (?:blob|config) \S|Writing manifest|\$ (?:docker|podman|buildah) push|Login (?:Succeeded|did not succeed)|Successfully (?:built|tagged)|COMMIT \S|naming to \S|failed commit on ref|Publishing |Taking snapshot of full filesystem.{0,10}$|Saving \S{1,300}\.\.\.|===> EXPORTING/i,
  ],
  [
    'base',
    /load metadata for|Retrieving image manifest|Trying to pull|Step 1(?:\/\d+)? : FROM|STEP 1(?:\/\d+)?: FROM|\[\d+\/\d+\] FROM|Pulling from |resolve docker\.io|Unable to find image|===> ANALYZING|===> DETECTING/i,
  ],
  [
    'step',
    /\] RUN |Step \d+\/\d+ : RUN|STEP \d+(?:\/\d+)?: RUN|INFO\[\d+\] RUN |Running: \[|Running in [0-9a-f]{12}|args: \[-c |===> BUILDING/i,
  ],
  ['context', /error resolving source context|Cloning into|Fetching (?:changes|origin)|git clone|load git source/i],
]

export type Symptom =
  | 'unauthorized'
  | 'timeout'
  | 'refused'
  | 'tls'
  | 'plain-http'
  | 'rate'
  | 'missing'
  | 'quota'
  | 'server'
  | 'too-large'
  | 'tls-port'

export const symptoms: readonly (readonly [Symptom, RegExp])[] = [
  [
    'plain-http',
    /server gave HTTP response to HTTPS client|wrong version number|first record does not look like a TLS handshake|unrecognized SSL message/i,
  ],
  [
    'tls-port',
    /malformed HTTP response "\\x15|Client sent an HTTP request to an HTTPS server|HTTP request was sent to HTTPS port/i,
  ],
  [
    'timeout',
    /i\/o timeout|context deadline exceeded|TLS handshake timeout|timed out|Client\.Timeout|timeout awaiting|timeout exceeded|request canceled while waiting/i,
  ],
  [
    'refused',
    /connection refused|no route to host|connection reset|(?:network|host) is (?:unreachable|down)|: (?:unexpected )?EOF|broken pipe|closed pipe|no such host|server misbehaving|name resolution|does not resolve|client connection lost|connection closed|unknown host/i,
  ],
  [
    'tls',
    /x509:|\btls: |certificate signed by|certificate (?:verify|has expired|is not trusted|relies on legacy)|CERTIFICATE_VERIFY_FAILED|remote error: tls|PKIX path|SSLHandshake|only secure connections are allowed/i,
  ],
  ['rate', /toomanyrequests|too many requests|rate limit|(?<![\w.:-])429(?![\w.-])/i],
  // Harbor says "denied" of a project that is full.
  ['quota', /exceed the configured upper limit|(?:storage |project )quota.{0,60}exceed|exceed.{0,60}\bquota\b/i],
  [
    'unauthorized',
    /\bunauthorized\b|(?<!permission )\bdenied\b|authentication required|authorization failed|no basic auth credentials|(?<![\w.:-])40[13](?![\w.-])|\bforbidden\b|insufficient_scope|invalid username\/password|incorrect username or password|not authorized|authorization token|Unauthenticated|failed to authorize|login attempt to|auth(?:entication)? (?:failed|error)|credentials? .{0,60}(?:not found|expired|invalid|rejected)/i,
  ],
  [
    'too-large',
    /413 Request Entity Too Large|(?<![\w.:-])413(?![\w.-])|entity too large|request body too large|(?:status(?: code)?:? )400\b/i,
  ],
  [
    'missing',
    /MANIFEST_UNKNOWN|manifest unknown|NAME_UNKNOWN|name unknown|not found|does not exist|(?<![\w.:-])404(?![\w.-])|no such manifest/i,
  ],
  [
    'server',
    /(?<![\w.:-])50[0234](?![\w.-])|Bad Gateway|Service Unavailable|Internal Server Error|Gateway Time-?out|unexpected (?:HTTP )?status|BLOB_UPLOAD|blob upload|DIGEST_INVALID|MANIFEST_INVALID|MANIFEST_BLOB_UNKNOWN|unsupported status code|UNKNOWN:/i,
  ],
]

// A line that only reports progress decides nothing.
export const speaks =
  /error|fail|denied|credentials|gave|response|unauthori[sz]ed|cannot|could not|couldn't|unable|invalid|unknown|not found|no such|refused|timeout|timed out|fatal|forbidden|exceed|killed|missing|toomany|too many|limit|x509|tls:|EOF|reset|unexpected|status|permitted|no space|quota|platform|format|immutable|daemon|session|closing|blank|empty|require|\b[45]\d\d\b|overwritten|sock|memory|newuidmap|unshare|should only|insufficient|not exist|No route|unreachable|did not match|no items|mismatch|Unavailable|misbehaving|not connect|expired/i

export const ownLimit = /exceeds the (?:total |local )?limit|total limit of containers/i
export const ownDisk = {
  means: 'The build used more ephemeral storage than its own limit: raise that limit.',
  willRepeat: true,
}

export const missingFile = /(?:lstat|stat|open) .{1,400}: no such file or directory/i

export const pushClasses: Readonly<Record<Symptom, Found>> = {
  unauthorized: { class: 'push-unauthorized' },
  timeout: { class: 'push-timeout' },
  refused: { class: 'push-refused' },
  tls: { class: 'push-tls' },
  'tls-port': { class: 'push-tls', means: 'The registry has TLS, and the build speaks plain HTTP: drop --insecure.' },
  'plain-http': { class: 'push-plain-http' },
  rate: { class: 'push', means: 'The registry limits the rate of requests: wait, or log in.' },
  quota: {
    class: 'push',
    means: 'The quota of the project in the registry is used up: delete old images, or raise the quota.',
    willRepeat: true,
  },
  missing: {
    class: 'push',
    means: 'The registry knows no such repository or path: create it, or correct the name.',
    willRepeat: true,
  },
  'too-large': {
    class: 'push',
    means: 'A layer is larger than a proxy before the registry allows: raise its limit of the body size.',
    willRepeat: true,
  },
  server: { class: 'push' },
}

// Words that only say that something ended with an error, the more telling first.
export const weak: readonly (readonly [RegExp, Found])[] = [
  [
    /error (?:checking push permissions|pushing image)|failed to push|creating push check transport|copying image to the remote destination|Build and push image failed|failed to (?:export|publish)(?! images: error building)|failed to copy: (?!httpReadSeeker)/i,
    { class: 'push' },
  ],
  [
    /resolving base name|failed to get base ?image|getting stage builder|unable to complete operation after|load metadata for.{0,300}(?:error|fail)|resolve source metadata|creating build container/i,
    { class: 'base-image' },
  ],
  [/failed to get filesystem from image/i, { class: 'step' }],
  [
    /error building (?:image|stage)|\bexit(?:ed)?(?: with)?(?: status| code):? ?\d+|non-zero exit|BUILD FAIL|make: \*\*\* |failed to solve|ERROR: Job failed/i,
    { class: 'step' },
  ],
  [/(?:^|\s)Killed\s*$|signal: killed|out of memory/i, { class: 'step' }],
  [/\bnpm (?:error|ERR!)|^E: |^ERROR: |Traceback \(most recent/, { class: 'step' }],
]
