import { sourceArchive } from '../files.ts'
import { buildJob, deployment } from '../manifests.ts'
import { ago, type Situation } from '../situation.ts'

const image = '10.43.170.72:5000/cortex-chat-backend-simple:latest'

/** The playbook's example 1. */
export const neverBuilt: Situation = {
  name: 'never-built',
  target: 'cortex-chat/cortex-chat-backend-simple',
  shows: 'Image never built: no Job pushes it',
  repair: 'A build Job is committed, and runs',
  chapters: [
    {
      ago: ago.minutes(16),
      happen: ({ apply }) => apply(deployment({ namespace: 'cortex-chat', name: 'cortex-chat-backend-simple', image })),
    },
  ],
  /** Somebody commits its build, and it runs. */
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
    await apply(buildJob({ namespace: 'cortex-chat', name, context: `https://git.acme.io${path}`, destination: image }))
  },
}
