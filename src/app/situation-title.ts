/** `never-built` → `Never built` */
export function situationTitle(name: string): string {
  const words = name.replaceAll('-', ' ').replace(/^tls/, 'TLS')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
