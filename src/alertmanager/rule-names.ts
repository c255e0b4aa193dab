import { type AlertRules, isNamed } from './rules.ts'

/**
 * The sentences of the stock rules with the rules' names, for posts that show only summaries and descriptions. https://github.com/kubernetes-monitoring/kubernetes-mixin/blob/master/alerts/apps_alerts.libsonnet,
 * https://samber.github.io/awesome-prometheus-alerts/
 */
const sentences: readonly (readonly [rules: readonly string[], pattern: RegExp])[] = [
  [['KubePodNotReady'], /\bin an? non-ready state\b/i],
  [['KubernetesPodNotHealthy', 'PodNotHealthy'], /\bin an? non-running state\b/i],
  [
    ['KubeContainerWaiting', 'KubernetesContainerWaiting'],
    /\bin (?:a )?waiting state for\b|\bcontainer waiting longer than\b/i,
  ],
  [['KubeDeploymentReplicasMismatch'], /\bdeployment\b.{0,200}\bhas not matched the expected number of replicas\b/i],
  [['KubeStatefulSetReplicasMismatch'], /\bstatefulset\b.{0,200}\bhas not matched the expected number of replicas\b/i],
  [['KubeDeploymentGenerationMismatch'], /\bdeployment generation\b.{0,200}\bdoes not match\b/i],
  [['KubeDeploymentRolloutStuck'], /\brollout of deployment\b.{0,200}\bnot progressing\b/i],
  [['KubeStatefulSetUpdateNotRolledOut'], /\bstatefulset\b.{0,200}\bupdate has not been rolled out\b/i],
  [['KubeDaemonSetRolloutStuck'], /\bdaemonset\b.{0,200}\bhas not finished or progressed\b/i],
  [['KubeJobNotCompleted', 'KubeJobCompletion'], /\bjob\b.{0,200}\bis taking more than\b.{0,40}\bto complete\b/i],
  [['KubeJobFailed'], /\bjob\b.{0,200}\bfailed to complete\b/i],
]
/** The rule names that stand for sentences about failed image pulls. `pullWords` excludes pull requests. */
const pulls = ['ImagePullFailing', 'ImagePullBackOff', 'ErrImagePull'] as const
const pullWords =
  /\b(?:pull|pulling|pulled)\b(?! requests?\b)[^\n.]{0,40}\bimages?\b|\bimages?\b[^\n.]{0,25}\b(?:pull|pulled|pulling)\b(?! requests?\b)|\bErrImage\w|\bImagePull\w|\bInvalidImageName\b/i

/** Words of failure, because posts also report successful pulls: `Pulling image`, `Successfully pulled image`. */
const troubleWords =
  /\b(?:fail\w{0,5}|errors?|err\w{1,20}|back-?off\w{0,5}|\w{1,20}BackOff|cannot|can['\u2019]?t|could not|unable|invalid\w{0,20}|denied|stuck|timed? ?out|problem|missing|not (?:be|found))\b/i

/** Finds the rule of a post, if it is one that is read. undefined: the post names none. */
export function namedRule(text: string, rules: AlertRules): string | undefined {
  const exact = [...rules.names].find((it) => !it.includes('*') && hasWord(text, it))
  if (exact !== undefined) return exact
  const words = new Set(text.match(/[A-Za-z][\w-]{3,99}/g))
  const word = [...words].find((it) => isNamed(it, rules) || rules.reasons.has(it))
  if (word !== undefined) return word
  const stock = sentences.find(([names, pattern]) => names.some((it) => isNamed(it, rules)) && pattern.test(text))
  if (stock) return stock[0].find((it) => isNamed(it, rules))
  return pulls.some((it) => isNamed(it, rules)) && pullWords.test(text) && troubleWords.test(text)
    ? pulls[0]
    : undefined
}

/** Whether the text contains the word as a whole word. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + word.length))) return true
  return false
}

/**
 * Whether this is Alertmanager's default title for a group of several rules, such as
 * `[FIRING:3] shop (monitoring/k8s warning)`. Such a post names no rule.
 */
export function isOfSeveralRules(text: string): boolean {
  const [, count = '', rest = ''] = /^\s{0,5}\[FIRING:(\d{1,6})[^\]\n]{0,40}\] ([^\n]{1,500})/.exec(text) ?? []
  return Number(count) > 1 && /\([^()\n]{0,400}\)\s*$/.test(rest) && !/[A-Z]/.test(rest)
}

/** Names the probable rule of an ignored post: its label `alertname`, a word such as `KubePodCrashLooping`, or its first line. */
export function ruleOf(text: string): string {
  const [, labelled] = /\balertname["'`*_]{0,3}\s{0,3}[:=]\s{0,3}["'`*_]{0,3}(\w{1,100})/i.exec(text) ?? []
  const [word] = /\b[A-Z][a-z]{1,30}(?:[A-Z][a-z0-9]{1,30}){1,8}\b/.exec(text) ?? []
  return (labelled ?? word ?? text.trim().split('\n')[0] ?? '').slice(0, 100)
}
