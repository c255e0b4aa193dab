import { sourceArchive } from '../files.ts'
import { onPool } from '../foundation.ts'
import { buildJob, deployment } from '../manifests.ts'
import { ago, type SampleWorld, type Situation } from '../situation.ts'

const backendImage = '10.43.170.72:5000/cortex-chat-backend-simple:latest'

/** The playbook's example 1. */
export const neverBuilt: Situation = {
  name: 'never-built',
  target: 'cortex-chat/cortex-chat-backend-simple',
  shows: 'Image never built: no Job pushes it',
  repair: 'A build Job is committed, and runs',
  chapters: [
    {
      ago: ago.minutes(16),
      happen: ({ apply }) =>
        apply(deployment({ namespace: 'cortex-chat', name: 'cortex-chat-backend-simple', image: backendImage })),
    },
  ],
  /** Somebody commits the build, and it runs. */
  async mend({ servers, apply }) {
    const path = '/cortex-chat/backend-simple/archive/main.tar.gz'
    servers.sources.set(
      path,
      sourceArchive({
        Dockerfile: `FROM ghcr.io/acme/python-base:3.13
WORKDIR /app
COPY requirements.txt ./
RUN pip install --index-url https://pypi.acme.io/simple/ -r requirements.txt
COPY main.py ./
CMD ["python", "main.py"]
`,
        'requirements.txt': 'fastapi==0.121.3\n',
        'main.py': 'import app\n',
      }),
    )
    const name = 'cortex-chat-backend-simple-build'
    await apply(
      buildJob({ namespace: 'cortex-chat', name, context: `https://git.acme.io${path}`, destination: backendImage }),
    )
  },
}

const cartImage = '10.43.170.72:5000/cart:latest'
const cartSource = '/shop/cart/archive/main.tar.gz'

/** `npm ci` failed because the package mirror was down. The same source builds when the mirror is up. */
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
          cartSource,
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
        const context = `https://git.acme.io${cartSource}`
        await apply(buildJob({ namespace: 'shop', name: 'cart-build', context, destination: cartImage }))
        await apply(deployment({ namespace: 'shop', name: 'cart', image: cartImage }))
      },
    },
  ],
  async mend({ servers }) {
    servers.npm.set('up')
  },
}

const embeddingsImage = '10.43.170.72:5000/embeddings:latest'
const embeddingsSource = '/cortex-chat/embeddings/archive/main.tar.gz'

/** The mirror of Python packages is slow, so the build is still running. */
export const buildRunning: Situation = {
  name: 'build-running',
  target: 'cortex-chat/embeddings',
  shows: 'Its build is still running',
  repair: 'The package mirror answers: the build ends',
  chapters: [
    {
      ago: ago.seconds(70),
      goesOn: true,
      async happen({ servers, apply }) {
        servers.wheels.set('slow')
        servers.sources.set(
          embeddingsSource,
          sourceArchive({
            Dockerfile: `FROM ghcr.io/acme/python-base:3.13
COPY requirements.txt ./
RUN pip install --index-url https://wheels.acme.io/simple/ -r requirements.txt
COPY embed.py ./
`,
            'requirements.txt': 'numpy==2.3.5\ntorch==2.9.1\n',
            'embed.py': 'import torch\n',
          }),
        )
        const context = `https://git.acme.io${embeddingsSource}`
        await apply(
          buildJob({ namespace: 'cortex-chat', name: 'embeddings-build', context, destination: embeddingsImage }),
        )
        await apply(deployment({ namespace: 'cortex-chat', name: 'embeddings', image: embeddingsImage }))
      },
    },
  ],
  async mend({ servers }) {
    servers.wheels.set('up')
  },
}

const routerImage = '10.43.170.72:5000/moe-router:latest'
const routerSource = '/cortex-chat/moe-router/archive/main.tar.gz'

function buildRouter({ apply }: SampleWorld, run: number): Promise<void> {
  const context = `https://git.acme.io${routerSource}`
  const name = `moe-router-build-${run}`
  return apply(buildJob({ namespace: 'cortex-chat', name, context, destination: routerImage, pod: onPool('gpu') }))
}

/** The playbook's example 3: the first build pushed, but the next one cannot reach the registry. */
export const pushTimedOut: Situation = {
  name: 'push-timed-out',
  target: 'cortex-chat/job/moe-router-build-2',
  shows: 'A build cannot reach the registry any more; its first run could',
  repair: "The build's node reaches the registry again",
  chapters: [
    {
      ago: ago.days(2),
      async happen(world) {
        world.servers.sources.set(
          routerSource,
          sourceArchive({
            Dockerfile: `FROM ghcr.io/acme/python-base:3.13
WORKDIR /router
COPY requirements.txt ./
RUN pip install --index-url https://pypi.acme.io/simple/ -r requirements.txt
COPY router ./router
CMD ["python", "-m", "router"]
`,
            'requirements.txt': 'httpx==0.28.1\n',
            'router/__main__.py': 'import httpx\n',
          }),
        )
        await buildRouter(world, 1)
      },
    },
    {
      ago: ago.days(1),
      happen: ({ apply }) =>
        apply(deployment({ namespace: 'cortex-chat', name: 'moe-router', image: routerImage, pod: onPool('gpu') })),
    },
    {
      ago: ago.minutes(31),
      async happen(world) {
        world.cluster.network.divert('node-5', '10.43.170.72', 5000, 'nowhere')
        await buildRouter(world, 2)
      },
    },
  ],
  async mend({ cluster: { network } }) {
    network.restore('node-5', '10.43.170.72', 5000)
  },
}
