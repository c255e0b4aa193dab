/** Copies one image between two registries without TLS, as far as the tests' own images need it: no index. */
export async function copyImage(
  from: string,
  to: string,
  repository: string,
  tag: string,
  target: string = repository,
  targetTag: string = tag,
): Promise<void> {
  const accept = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = await fetch(`http://${from}/v2/${repository}/manifests/${tag}`, { headers: { accept } })
  const text = await manifest.text()
  const { config, layers } = JSON.parse(text)
  for (const { digest } of [config, ...layers]) {
    const blob = await fetch(`http://${from}/v2/${repository}/blobs/${digest}`)
    const content = new Uint8Array(await blob.arrayBuffer())
    const begun = await fetch(`http://${to}/v2/${target}/blobs/uploads/`, { method: 'POST' })
    const url = new URL(begun.headers.get('location') ?? '', `http://${to}`)
    url.searchParams.set('digest', digest)
    await fetch(url, { method: 'PUT', body: content, headers: { 'content-type': 'application/octet-stream' } })
  }
  const url = `http://${to}/v2/${target}/manifests/${targetTag}`
  const answer = await fetch(url, { method: 'PUT', body: text, headers: { 'content-type': accept } })
  if (!answer.ok) throw new Error(`${target}:${targetTag} was not copied: ${answer.status}`)
}
