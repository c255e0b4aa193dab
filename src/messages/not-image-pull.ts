// Reasons after a pull, or beside it: container states and events of kubelet, scheduler and controllers.
const otherReasons: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'StartError',
  'ContainerCannotRun',
  'OOMKilled',
  'Error',
  'Completed',
  'PostStartHookError',
  'FailedScheduling',
  'FailedMount',
  'FailedAttachVolume',
  'Unhealthy',
])

// Words that only other troubles use, and what goes well. Several of them end in "not found".
const otherWords: readonly RegExp[] = [
  /back-off(?: \S{1,20})? restarting failed/i,
  /\bnodes? are available\b/i,
  /MountVolume|AttachVolume|UnmountVolume|attach or mount volumes|FailedMount/i,
  /^(?:Error: )?(?:secret|configmap|config map|persistentvolumeclaim|serviceaccount) "[^"]{1,260}" not found/i,
  /couldn't find key \S{1,260} in (?:secret|configmap)/i,
  /OCI runtime (?:create|exec) failed|runc create failed|failed to create (?:containerd )?(?:task|container)\b/i,
  /executable file not found|exec format error/i,
  /error killing pod|KillContainer|StopPodSandbox|failed to kill/i,
  /(?:readiness|liveness|startup) probe (?:failed|errored)/i,
  /failed (?:to )?create pod sandbox/i,
  /failed (?:calling|to call) webhook/i,
  /network plugin|cni plugin|NetworkPluginNotReady|NetworkReady=false|plugin type="[^"]{1,60}"/i,
  /OOMKilled|out of memory/i,
  /container has runAsNonRoot|cannot verify user is non-root|image will run as root/i,
  /exceeded quota|is forbidden: (?:maximum|minimum|exceeded)/i,
  /^(?:Successfully (?:pulled|assigned)|Pulling image |Created container|Container created|Started container|Container started|Container image "[^"]{1,1000}" already present|Scaled (?:up|down)|Created pod|Stopping container)/i,
]

const pullWords =
  /pull|hosts\.toml|snapshot|hcsshim|registries|\bimage\b|manifest|registry|repository|layer|blob|containerd|response from daemon|docker|https?:\/\/|rpc error|x509|token|unauthorized|denied|ErrImage/i
const strongPullWords =
  /failed to pull|pulling image|failed pulling|failed to resolve (?:image|ref)|ErrImagePull|ImagePullBackOff|pull and unpack|sandbox image|error getting credentials|docker-credential-|admission webhook .{0,300}denied/is

// The image was pulled, and its content is missing or does not fit when the container is made of it. Tried on text
// without the names of images.
const contentWords =
  /unpacking image|content digest|missing parent "|does not resolve to an image ID|image not known|failed to extract layer|extraction snapshot|failed to get image from containerd|operating system does not match|mount callback failed.{0,300}input\/output error|snapshot \d{1,9} is not ready|(?<![\w.])(?:stargz|nydusd?|rafs|overlaybd)(?![\w-]*\.[a-z])/i
const creating: ReadonlySet<string> = new Set(['', 'CreateContainerError', 'RunContainerError'])

/** About something else than pulling an image, surely enough that no row should be tried. */
export function isNotAboutPulling(text: string, masked: string, waitingReason: string): boolean {
  if (creating.has(waitingReason) && contentWords.test(masked)) return false
  if (otherReasons.has(waitingReason)) return true
  const quiet = text.replace(/^\(combined from similar events\): /, '')
  if (/^Pulling image "/.test(quiet)) return true
  return !strongPullWords.test(quiet) && otherWords.some((words) => words.test(quiet))
}

/** Whether the text speaks of images at all, so that words which everybody uses may be taken to be about them. */
export function isPullContext(text: string, waitingReason: string): boolean {
  return pullWords.test(text) || /^(?:ErrImage|ImagePull)/.test(waitingReason)
}
