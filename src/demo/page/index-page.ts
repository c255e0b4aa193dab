/** The page without its content, which its script draws. */
export const indexPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>imagepull demo</title>
<link rel="icon" type="image/svg+xml" href="/client/icon.svg">
<link rel="stylesheet" href="/client/styles.css">
<script type="module" blocking="render" src="/client/main.js"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript: it draws Slack.</noscript>
</body>
</html>
`

/** The Content-Security-Policy of the page: it loads nothing from elsewhere, and no text becomes markup. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')
