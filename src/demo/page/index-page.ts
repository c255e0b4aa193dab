import { createHash } from 'node:crypto'
import type { Assets } from './read-assets.ts'

export interface IndexPage {
  readonly html: string
  /** The Content-Security-Policy of the page: nothing that is not of this server, and no text that becomes markup. */
  readonly policy: string
}

/** Styles in this order: each may rely on those before. */
const styles = ['tokens', 'base', 'layout', 'guide', 'message', 'rich-text', 'blocks', 'elements', 'overlays']

/** The page without its content, which its modules draw. */
export function indexPage(assets: Assets): IndexPage {
  const paths = [...assets.keys()]
  const libraries = paths.filter((path) => path.startsWith('/library/'))
  const imports = Object.fromEntries(libraries.map((path) => [path.replace(/^\/library\/|\.js$/g, ''), path]))
  const importMap = JSON.stringify({ imports })
  const modules = paths.filter((path) => /\.[jt]s$/.test(path))
  const main = paths.find((path) => /^\/client\/main\.[jt]s$/.test(path)) ?? ''
  return { html: htmlOf({ importMap, modules, main }), policy: policyOf(importMap) }
}

interface Parts {
  readonly importMap: string
  readonly modules: readonly string[]
  readonly main: string
}

function htmlOf({ importMap, modules, main }: Parts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>imagepull demo</title>
<link rel="icon" type="image/svg+xml" href="/client/icon.svg">
${styles.map((name) => `<link rel="stylesheet" href="/client/styles/${name}.css">`).join('\n')}
<script type="importmap">${importMap}</script>
${modules.map((path) => `<link rel="modulepreload" href="${path}">`).join('\n')}
<script type="module" blocking="render" src="${main}"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript: it draws Slack.</noscript>
</body>
</html>
`
}

/** An import map must stand in the page itself; its hash lets in this one and no other script. */
function policyOf(importMap: string): string {
  const hash = createHash('sha256').update(importMap).digest('base64')
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}
