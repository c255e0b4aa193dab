import { counted, type Text, text } from '../../../text.ts'
import type { PullVerdict } from '../model.ts'
import type { Playbook } from '../route.ts'
import type { Refusal } from './refusal.ts'

/** What refused. `answered` is false where a webhook should have decided, and could not be asked. */
interface Policy {
  readonly name: string
  readonly says: string
  readonly answered: boolean
}

// The words of the API server: staging/src/k8s.io/apiserver/pkg/admission, and of its plugins. OpenShift's are those of
// its security context constraints, Google's those of Binary Authorization, which is an image policy webhook.
const forms: readonly { readonly form: RegExp; readonly policy: (found: readonly string[]) => Policy }[] = [
  {
    form: /admission webhook "([^"\n]{1,253})" denied the request(?:: (.{1,2000}))?/s,
    policy: ([, name = '', says = '']) => ({ name: `the admission webhook ${name}`, says, answered: true }),
  },
  {
    form: /failed calling webhook "([^"\n]{1,253})": (.{1,2000})/s,
    policy: ([, name = '', says = '']) => ({ name: `the admission webhook ${name}`, says, answered: false }),
  },
  {
    form: /ValidatingAdmissionPolicy '([^'\n]{1,253})'[^\n]{0,300}? denied request: (.{1,2000})/s,
    policy: ([, name = '', says = '']) => ({ name: `the ValidatingAdmissionPolicy ${name}`, says, answered: true }),
  },
  {
    form: /(violates PodSecurity "[^"\n]{1,100}"): (.{1,2000})/s,
    policy: ([, name = '', says = '']) => ({ name: `Pod Security admission (it ${name})`, says, answered: true }),
  },
  {
    form: /unable to validate against any security context constraint: (.{1,2000})/s,
    policy: ([, says = '']) => ({ name: 'SecurityContextConstraint admission', says, answered: true }),
  },
  {
    form: /image policy webhook backend denied one or more images(?:: (.{1,2000}))?/s,
    policy: ([, says = '']) => ({ name: 'the image policy webhook', says, answered: true }),
  },
]

/** undefined: it is no policy that refused. */
function policyIn(words: string): Policy | undefined {
  for (const { form, policy } of forms) {
    const found = form.exec(words)
    if (found) return policy(found)
  }
  return undefined
}

/** Requests and limits are the subject of another playbook. */
export function playbookOfRefusal({ words }: Refusal): Playbook | undefined {
  const limits =
    /exceeded quota|(?:maximum|minimum) (?:cpu|memory|ephemeral-storage|storage) usage|LimitRange|must specify limits|failed quota/i
  return limits.test(words) ? 'limitrange-violations' : undefined
}

/** What is refused, and whose it is. */
interface Refused {
  readonly namespace: string
  /** `Deployment web`. */
  readonly owner: string
  readonly images: readonly string[]
  /** Pods of it that are there: they were made before. */
  readonly pods: number
}

/** A policy keeps the new pods of a workload from being made. undefined: something else does. */
export function admissionVerdict(
  refusal: Refusal,
  { namespace, owner, images, pods }: Refused,
): PullVerdict | undefined {
  const policy = policyIn(refusal.words)
  if (!policy) return undefined
  const { name, says, answered } = policy
  const words = text`${says.trim() || refusal.words}`
  const lacks =
    pods > 0
      ? text`${owner} gets no new pod, and ${counted(pods, 'pod')} from before ${pods === 1 ? 'stays' : 'stay'}. Nothing is pulled`
      : text`${owner} has no pod, so nothing is pulled`
  const named = images.filter((image) => says.includes(image))
  const about = named.length > 0 ? text` It names ${named.join(', ')}.` : text``
  return {
    cause: 'admission-denied',
    title: answered ? 'A policy refuses the pod' : 'An admission webhook does not answer',
    summary: answered
      ? text`${lacks}: ${name} refuses to let one be made.${about} It says: ${words}`
      : text`${lacks}: ${name} has to allow each pod, and could not be asked: ${words}`,
    confidence: refusal.current ? 'proven' : 'likely',
    because: [
      {
        says: text`the API server says: ${refusal.words}`,
        source: `API server: ${refusal.by}${refusal.at ? `, ${refusal.at}` : ''}`,
        confidence: 'proven',
      },
    ],
    remedies: [
      {
        kind: 'action',
        title: answered
          ? text`Change what the policy refuses in the manifest of ${owner}, or ask the policy's owner for an exception; a pull secret or another permission to pull does not help`
          : text`Repair the webhook's own Service and pods, or ask its owner; the workload needs no change`,
      },
      {
        kind: 'command',
        title: text`Read the refusals`,
        argv: ['kubectl', '-n', namespace, 'get', 'events', '--field-selector', 'reason=FailedCreate'],
      },
    ],
    verify: [{ argv: ['kubectl', '-n', namespace, 'get', 'pods'] }],
    prevent: [],
  }
}

/** For whom no verdict can be given: what the API server says. */
export function refusalNote({ words }: Refusal, owner: string, pods: number): Text {
  return pods > 0
    ? text`${owner} gets no new pod: the API server refuses to make one. ${words}`
    : text`${owner} has no pod: the API server refuses to make one. ${words}`
}
