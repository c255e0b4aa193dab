import { sourceArchive } from '../files.ts'
import { buildJob, deployment } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const image = '10.43.170.72:5000/embeddings:latest'
const source = '/cortex-chat/embeddings/archive/main.tar.gz'

/** Its mirror of Python packages answers slowly, so that the build takes its time. */
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
          source,
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
        const context = `https://git.acme.io${source}`
        await apply(buildJob({ namespace: 'cortex-chat', name: 'embeddings-build', context, destination: image }))
        await apply(deployment({ namespace: 'cortex-chat', name: 'embeddings', image }))
      },
    },
  ],
  async mend({ servers }) {
    servers.wheels.set('up')
  },
}
