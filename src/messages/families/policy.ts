import type { Row } from '../row.ts'

/** Policies and signatures: something decided that this image must not run. Never bypassed by a button. */
export const policy: readonly Row[] = [
  {
    id: 'admission-denied',
    says: {
      'signature-policy': [
        /(?:admission webhook|ValidatingAdmissionPolicy)\b.{0,400}\bdenied\b.{0,1500}(?:image|signature|signed|digest|registr|repositor|attestation|vulnerabilit)/i,
        /(?:admission webhook|ValidatingAdmissionPolicy) \S{0,200}(?:image|signature|sigstore|cosign)\S{0,200} .{0,200}\bdenied\b/i,
        /image policy webhook .{0,60}denied/i,
        /denied by .{0,80}admission rule/i,
      ],
      'not-image-pull': [/(?:admission webhook|ValidatingAdmissionPolicy)\b.{0,400}\bdenied (?:the )?request/i],
    },
    example:
      'Error creating: admission webhook "policy.sigstore.dev" denied the request: validation failed: failed policy: signed-images: spec.containers[0].image must be an image digest',
    lasting: 'final',
    atMost: 'likely',
    title: 'Admission policy refuses the pod',
    means: 'A policy of the cluster refuses to create the pod, so nothing was pulled. The message says which policy.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Do what the policy asks for (an allowed registry, a digest, a signature), or ask its owner for an exception',
      },
    ],
  },
  {
    id: 'image-verifier-blocked',
    says: { 'signature-policy': [/image verifier .{0,300} blocked pull of/is, /blocking pull of/i] },
    example:
      'failed to pull and unpack image "a:1": image verifier cosign blocked pull of docker.io/library/a:1 with digest sha256:00 for reason: no signature',
    lasting: 'final',
    title: 'Image verifier blocks the pull',
    means: 'An image verifier of containerd on {node} refuses {image}.',
    remedies: [
      {
        kind: 'advice',
        title: 'Read the reason in the message, and sign the image or correct the policy with whoever owns it',
      },
    ],
  },
  {
    id: 'registry-blocked-by-node',
    says: {
      'signature-policy': [/is blocked in .{0,200}registries\.conf/i, /cannot use .{0,400} because it's blocked/i],
    },
    example:
      'Error: registry docker.io is blocked in /etc/containers/registries.conf or /etc/containers/registries.conf.d',
    lasting: 'final',
    title: 'Registry is blocked on the node',
    means: 'The node is configured not to use {host}.',
    remedies: [
      {
        kind: 'advice',
        title: 'Use the mirror that the cluster allows, or ask the owner of the nodes to allow the registry',
      },
    ],
  },
  {
    id: 'vulnerability-policy',
    says: {
      'signature-policy': [/prevent images with vulnerability severity/i, /cannot be pulled due to configured policy/i],
    },
    example:
      'current image with 3 vulnerabilities cannot be pulled due to configured policy in \'Prevent images with vulnerability severity of "Critical" or higher from running.\'',
    lasting: 'final',
    title: 'Vulnerability policy of the registry',
    means: 'The registry does not deliver {image}: it has vulnerabilities that the project does not allow.',
    remedies: [
      {
        kind: 'advice',
        title: 'Build again on a patched base image, or ask the owner of the registry project for an exception',
      },
    ],
  },
  {
    id: 'signature-rejected',
    says: {
      'signature-policy': [
        /SignatureValidationFailed/,
        /source image rejected/i,
        /cryptographic signature verification failed/i,
        /signature validation failed/i,
        /a signature was required/i,
        /image is not signed/i,
        /unrecognized signature format/i,
        /(?:verifying|reading|parsing) signatures?\b/i,
        // A certificate has a signature too.
        /^(?!.*(?:x509|\btls: )).*(?:\bsignatures?|validate image|image validation)\b.{0,60}(?:fail|reject|not (?:satisf|valid|match|accept|found|verified)|invalid|mismatch)/i,
      ],
    },
    example:
      'rpc error: code = Unknown desc = Source image rejected: A signature was required, but no signature exists',
    lasting: 'final',
    title: 'Signature rejected',
    means: 'The policy of the node requires a signature. {image} has none, or one that does not verify.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Sign the image, or correct the policy of the node with whoever owns it; was the tag pushed again without a signature?',
      },
    ],
  },
  {
    id: 'registry-policy',
    says: {
      'signature-policy': [
        /\b412 precondition failed/i,
        /\bstatus ?(?:code)?\b.{0,160}\b412\b/i,
        /PROJECTPOLICYVIOLATION/i,
        /(?:download )?blocking policy|blocked by .{0,80}(?:curation|xray|firewall|policy)/i,
        /\bquarantined?\b/i,
        /(?:image|registry) access management/i,
      ],
    },
    example:
      'failed to resolve image: unexpected status from HEAD request to https://harbor.example/v2/team/app/manifests/1: 412 Precondition Failed',
    lasting: 'final',
    atMost: 'likely',
    title: 'Policy of the registry blocks the image',
    means:
      'A policy of {host} blocks {image}: it is unsigned, not scanned, vulnerable, or not allowed. The runtime shows only the status.',
    remedies: [
      {
        kind: 'advice',
        title: 'Look at the image in the registry, sign or scan it, or ask the owner of the project for an exception',
      },
    ],
  },
]
