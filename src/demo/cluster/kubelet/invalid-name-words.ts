/** distribution/reference's words for what is no image name; only capitals have words of their own. */
export function invalidNameWords(image: string): string {
  const path = image.replace(/^[^/]*[.:][^/]*\//, '').replace(/[:@][^/]*$/, '')
  const lower = /^[\w./-]+$/.test(path) && path !== path.toLowerCase()
  return lower ? `invalid reference format: repository name (${path}) must be lowercase` : 'invalid reference format'
}
