/** Why builds fail. The classes are a contract: `imagepull read build-log` gives them. */
export type BuildErrorClass =
  | 'push-unauthorized'
  | 'push-timeout'
  | 'push-refused'
  | 'push-tls'
  | 'push-plain-http'
  | 'push'
  | 'immutable-tag'
  | 'invalid-destination'
  | 'base-image'
  | 'base-unreachable'
  | 'base-rate-limited'
  | 'dockerfile-missing'
  | 'dockerfile-syntax'
  | 'context'
  | 'missing-file'
  | 'dependencies-unreachable'
  | 'step'
  | 'memory'
  | 'disk-full'
  | 'permission'
  | 'platform'
  | 'daemon'
  | 'evicted'
  | 'deadline'

export interface BuildError {
  readonly title: string
  /** What it means, and what to do. */
  readonly means: string
  /** The same source gives the same error, so that another run alone changes nothing. */
  readonly willRepeat: boolean
  /** It could not push in time: the subject of another playbook. */
  readonly pushTimedOut?: true
}

/** What each class means, where its line says nothing more special. */
export const buildErrors: Readonly<Record<BuildErrorClass, BuildError>> = {
  'push-unauthorized': {
    title: 'the registry does not let it push',
    means: 'The build has no login for the destination, or one without the right to push.',
    willRepeat: true,
  },
  'push-timeout': {
    title: 'the registry does not answer the push',
    means: 'The build cannot reach the registry in time: look at the registry and the way to it.',
    willRepeat: false,
    pushTimedOut: true,
  },
  'push-refused': {
    title: 'the registry cannot be reached',
    means: 'The connection to the destination fails: look at its name, the registry and its Service.',
    willRepeat: false,
  },
  'push-tls': {
    title: 'the registry and the build do not agree on TLS',
    means: 'Give the build the certificate authority of the registry; without TLS options for a registry that has TLS.',
    willRepeat: true,
  },
  'push-plain-http': {
    title: 'the registry speaks plain HTTP',
    means: 'The build does not say --insecure for a registry that has no TLS.',
    willRepeat: true,
  },
  push: { title: 'the image could not be pushed', means: 'Look at the registry and its storage.', willRepeat: false },
  'immutable-tag': {
    title: 'the tag exists and is immutable',
    means: 'Push under a new tag: the registry does not let anybody overwrite this one.',
    willRepeat: true,
  },
  'invalid-destination': {
    title: 'the destination is no image name',
    means: 'Probably a variable in the destination is empty, or has characters that a name may not have.',
    willRepeat: true,
  },
  'base-image': {
    title: 'the base image cannot be pulled',
    means: 'The image behind FROM is missing, or is private and the build has no login for it.',
    willRepeat: true,
  },
  'base-unreachable': {
    title: 'the registry of the base image cannot be reached',
    means: 'Look at the way from the build to the registry of the image behind FROM.',
    willRepeat: false,
  },
  'base-rate-limited': {
    title: 'the registry of the base image limits the rate of pulls',
    means: 'Wait until the limit is over, log the build in, or use a mirror of the base image.',
    willRepeat: false,
  },
  'dockerfile-missing': {
    title: 'the Dockerfile is not there',
    means: 'The path of the Dockerfile or of the context is wrong, or the source does not have it.',
    willRepeat: true,
  },
  'dockerfile-syntax': {
    title: 'the Dockerfile has an error',
    means: 'Correct the line that is named.',
    willRepeat: true,
  },
  context: {
    title: 'the source cannot be fetched',
    means: 'The repository, branch or login of the build context is wrong.',
    willRepeat: true,
  },
  'missing-file': {
    title: 'a file that the Dockerfile copies is not there',
    means: 'The file is not in the build context: a wrong path, or .dockerignore leaves it out.',
    willRepeat: true,
  },
  'dependencies-unreachable': {
    title: 'a step cannot fetch what it needs',
    means: 'A package mirror or another server did not answer. It may go well again when that answers.',
    willRepeat: false,
  },
  step: { title: 'a step of the build fails', means: 'Read the lines before it in the log.', willRepeat: true },
  memory: {
    title: 'it was killed for want of memory',
    means: 'Raise the memory limit of the build.',
    willRepeat: true,
  },
  'disk-full': {
    title: 'no disk space left',
    means: 'The node, or the ephemeral storage limit of the build, has no room for it.',
    willRepeat: false,
  },
  permission: {
    title: 'the builder lacks a right of the kernel',
    means:
      'Kaniko needs to run as root with CHOWN, FOWNER and DAC_OVERRIDE; rootless BuildKit and Buildah need user namespaces and their seccomp and AppArmor profiles.',
    willRepeat: true,
  },
  platform: {
    title: 'the image and the node have different platforms',
    means: 'Build on a node of the wanted architecture, or choose a base image that has it.',
    willRepeat: true,
  },
  daemon: {
    title: 'the build daemon does not answer',
    means: 'Look whether the Docker or BuildKit daemon that the build uses runs.',
    willRepeat: false,
  },
  evicted: {
    title: 'its pod was evicted',
    means: 'The node had no room; it may go well elsewhere.',
    willRepeat: false,
  },
  deadline: {
    title: 'it took longer than its deadline',
    means: 'Raise activeDeadlineSeconds, or see what it waited for.',
    willRepeat: false,
  },
}
