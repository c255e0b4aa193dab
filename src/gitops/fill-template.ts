import { isKubernetesName } from '../kubernetes/is-kubernetes-name.ts'

/**
 * `apps/{namespace}/{name}-deployment.yaml` for one object; a star stays one. undefined: a name is none that Kubernetes
 * allows, or the path would not stay below its directory.
 */
export function fillTemplate(template: string, object: { readonly namespace: string; readonly name: string }) {
  if (!isKubernetesName(object.namespace) || !isKubernetesName(object.name)) return undefined
  const path = template.replaceAll('{namespace}', object.namespace).replaceAll('{name}', object.name)
  return path.split('/').every(staysBelow) ? path : undefined
}

/** An empty step would make the path absolute. */
function staysBelow(step: string): boolean {
  return /^[\w.*-]{1,255}$/.test(step) && step !== '.' && step !== '..'
}
