import { check, maybe } from '../../../diagnosis/check.ts'
import { text } from '../../../text.ts'
import { theImage } from '../inputs.ts'
import type { Remedy } from '../model.ts'
import { node } from './nodes.ts'
import { reference } from './pod.ts'

/** A login that is no pull secret's. imagepull has no such login, so the registry answers it otherwise than the node. */
export interface NodeLogin {
  /** Of the node's cloud, for this registry. */
  readonly identity?: NodeIdentity
  /** Why the node may log in by itself, in words. */
  readonly because: string
}

/** undefined: nothing says that the node logs in by itself. */
export const nodeLogin = check({
  id: 'node-login',
  doing: 'Looking whether the node logs in by itself',
  needs: { image: theImage, reference, node: maybe(node) },
  async gather({ image, reference, node }): Promise<NodeLogin | undefined> {
    if (!reference.valid) return undefined
    const { host } = reference.reference
    const identity = node.known && node.value ? nodeIdentityFor(host, node.value) : undefined
    if (identity)
      return { identity, because: `${identity.called} may log in to ${host}, and imagepull has no such login` }
    if (!node.known && cloudOf(host))
      return { because: `the node may log in to ${host} by itself, and it could not be read: ${node.reason}` }
    if (image.loggedIn)
      return {
        because: `${host} told the node more than it tells a stranger: the node has a login or a mirror that is not seen from here`,
      }
    return undefined
  },
})

/** The login that a node of a cloud has for that cloud's own registry. No pull secret is needed for it, and none shows it. */
interface NodeIdentity {
  readonly cloud: Cloud
  /** How people call it: "the node's IAM role". */
  readonly called: string
  /**
   * True on the cloud's managed Kubernetes, whose nodes come with a credential provider. False on other machines of that
   * cloud, where somebody may or may not have installed one.
   */
  readonly managed: boolean
}

type Cloud = 'aws' | 'google' | 'azure'

interface CloudFacts {
  /** Hosts of its registries. */
  readonly registries: RegExp
  /** `spec.providerID` of its machines begins so: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/ */
  readonly provider: string
  /** Prefixes of labels that only its managed Kubernetes sets. */
  readonly labels: readonly string[]
  readonly called: string
  readonly remedies: readonly string[]
}

const clouds: Readonly<Record<Cloud, CloudFacts>> = {
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_EKS.html
  aws: {
    registries:
      /^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]{1,40}\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)$/,
    provider: 'aws://',
    labels: ['eks.amazonaws.com/', 'alpha.eksctl.io/', 'karpenter.k8s.aws/'],
    called: "the node's IAM role",
    remedies: [
      "Give the node's IAM role the policy AmazonEC2ContainerRegistryPullOnly",
      'For a registry of another AWS account, allow that role in the repository policy too; ECR answers 403 for both',
    ],
  },
  // https://cloud.google.com/artifact-registry/docs/integrate-gke
  google: {
    registries: /^(?:[a-z0-9-]{1,60}-docker\.pkg\.dev|(?:[a-z]{2,4}\.)?gcr\.io)$/,
    provider: 'gce://',
    labels: ['cloud.google.com/gke-'],
    called: "the node's service account",
    remedies: [
      "Give the node pool's service account the role roles/artifactregistry.reader in the project that holds the repository",
      'Correct the project, region and repository in the image; Google answers 403 for what does not exist, too',
    ],
  },
  // https://learn.microsoft.com/azure/aks/cluster-container-registry-integration
  azure: {
    registries: /^[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,40}\.data)?\.azurecr\.(?:io|cn|us)$/,
    provider: 'azure://',
    labels: ['kubernetes.azure.com/'],
    called: "the kubelet's managed identity",
    remedies: [
      "Give the kubelet's identity the role AcrPull on the registry, or attach it: az aks update --attach-acr",
      'Then check both from the cluster: az aks check-acr',
    ],
  },
}

interface NodeSeen {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> }
  readonly spec: { readonly providerID: string }
}

/** undefined: this node has no login of its own for that registry, as far as the API server tells. */
export function nodeIdentityFor(host: string, { metadata, spec }: NodeSeen): NodeIdentity | undefined {
  const cloud = cloudOf(host)
  if (!cloud) return undefined
  const { labels, provider, called } = clouds[cloud]
  const managed = Object.keys(metadata.labels).some((label) => labels.some((prefix) => label.startsWith(prefix)))
  return managed || spec.providerID.startsWith(provider) ? { cloud, called, managed } : undefined
}

/** The registry belongs to a cloud whose own nodes need no pull secret for it. */
function cloudOf(host: string): Cloud | undefined {
  return (Object.keys(clouds) as Cloud[]).find((cloud) => clouds[cloud].registries.test(host)) // its keys are clouds by its type
}

/** What gives that identity the right to pull. */
export function identityRemedies({ cloud }: NodeIdentity): readonly Remedy[] {
  return clouds[cloud].remedies.map((title) => ({ kind: 'action', title: text`${title}` }))
}
