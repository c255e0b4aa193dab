/** A message is about one image, under a few names. */
const namesLimit = 20

/** Hides what somebody else chose, so that no name can look like a cause: images become IMAGE, URLs their scheme and part. */
export function mask(text: string, images: readonly string[]): string {
  const withoutUrls = text.replace(
    /(https?):\/\/(?:\[[\da-f:.%]{2,60}\])?[^\s"'<>\]]{1,2000}?(?=[:,.]?(?:[\s"'<>\]]|$))/gi,
    maskUrl,
  )
  const withoutHosts = withoutUrls.replace(
    /(?<![\w./:@-])(lookup|from host|"?host"?[:=]) ?"?([\w.-]{1,253})/gi,
    maskHost,
  )
  return images.slice(0, namesLimit).reduce(maskImage, withoutHosts)
}

/** A host may be called "quarantine" as well. What its form tells stays: a name in the cluster, an underscore. */
function maskHost(_whole: string, before: string, host: string): string {
  const inCluster = /^[^.]{1,63}\.[^.]{1,63}\.svc(?:\.|$)|\.svc\.?$|\.cluster\.local\.?$/i.test(host)
  return `${before} ${host.includes('_') ? 'HO_ST' : 'HOST'}${inCluster ? '.svc.cluster.local' : ''}`
}

/** Whole names only: an image that is called "a" is no part of "denied". */
function maskImage(text: string, image: string): string {
  const whole = new RegExp(`(?<![\\w./@-])${RegExp.escape(image)}(?![\\w./@-])`, 'g')
  return text.replace(whole, image.includes('@') ? 'IMAGE@DIGEST' : 'IMAGE')
}

function maskUrl(url: string, scheme: string): string {
  return `URL:${scheme.toLowerCase()}${partOf(url)}`
}

/** What of a registry a URL asks for, as far as it changes what an answer means. */
function partOf(url: string): string {
  if (/^\w{4,5}:\/\/[^/?#]{1,260}\/v2\/?$/.test(url)) return '@BASE'
  if (!/(?:sha256|sha512):[a-f0-9]{8,}/.test(url)) return ''
  return url.includes('/blobs/') ? '@BLOB' : '@DIGEST'
}
