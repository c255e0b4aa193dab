import { sourceArchive } from '../files.ts'
import { buildJob, deployment } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const image = '10.43.170.72:5000/cart:latest'
const source = '/shop/cart/archive/main.tar.gz'

/** `npm ci` ended with 1, because the package mirror was away: the same source builds once it is back. */
export const buildFailed: Situation = {
  name: 'build-failed',
  target: 'shop/cart',
  shows: 'Its build failed at `npm ci`',
  repair: 'The package mirror answers again: a rerun of the build goes well',
  chapters: [
    {
      ago: ago.minutes(28),
      async happen({ servers, apply }) {
        servers.npm.set('down')
        servers.sources.set(
          source,
          sourceArchive({
            Dockerfile: `FROM node:22-alpine
WORKDIR /app
COPY package.json .npmrc ./
RUN npm ci
COPY server.js ./
EXPOSE 8080
CMD ["node", "server.js"]
`,
            'package.json': JSON.stringify({ name: 'cart', dependencies: { express: '5.1.0', pino: '10.4.0' } }),
            '.npmrc': 'registry=https://npm.acme.io/\n',
            'server.js': "import express from 'express'\n",
          }),
        )
        const context = `https://git.acme.io${source}`
        await apply(buildJob({ namespace: 'shop', name: 'cart-build', context, destination: image }))
        await apply(deployment({ namespace: 'shop', name: 'cart', image }))
      },
    },
  ],
  async mend({ servers }) {
    servers.npm.set('up')
  },
}
