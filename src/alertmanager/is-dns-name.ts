/** A name as Kubernetes allows it. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export function isDnsName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name)
}
