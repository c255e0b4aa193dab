import type { Row } from '../row.ts'

/** Policies and signatures: something decided that this image must not run. Never bypassed by a button. */
export const policy: readonly Row[] = [
  {
    id: 'image-verifier-blocked',
    says: { 'signature-policy': [/image verifier .{0,300} blocked pull of/is, /blocking pull of/i] },
    example:
      'failed to pull and unpack image "a:1": image verifier cosign blocked pull of docker.io/library/a:1 with digest sha256:00 for reason: no signature',
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
    says: { 'signature-policy': [/is blocked in .{0,200}registries\.conf/i] },
    example:
      'Error: registry docker.io is blocked in /etc/containers/registries.conf or /etc/containers/registries.conf.d',
    title: 'Registry is blocked on the node',
    means: 'The node is configured not to use {host}.',
    remedies: [
      {
        kind: 'advice',
        title: 'Use the mirror that the cluster allows, or have the registry allowed by whoever owns the nodes',
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
    title: 'Vulnerability policy of the registry',
    means: 'The registry does not hand out {image}: it has vulnerabilities that the project forbids.',
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
      ],
    },
    example:
      'rpc error: code = Unknown desc = Source image rejected: A signature was required, but no signature exists',
    title: 'Signature rejected',
    means: 'The policy of the node wants a signature that {image} does not have, or that does not verify.',
    remedies: [
      {
        kind: 'advice',
        title:
          'Sign the image, or correct the policy of the node with whoever owns it; was the tag pushed again without a signature?',
      },
    ],
  },
]
