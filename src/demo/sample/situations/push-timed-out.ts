import { sourceArchive } from '../files.ts'
import { onPool } from '../foundation.ts'
import { buildJob, deployment } from '../manifests.ts'
import { ago, type SampleWorld, type Situation } from '../situation.ts'

const image = '10.43.170.72:5000/moe-router:latest'
const source = '/cortex-chat/moe-router/archive/main.tar.gz'

function build({ apply }: SampleWorld, run: number): Promise<void> {
  const context = `https://git.acme.io${source}`
  const name = `moe-router-build-${run}`
  return apply(buildJob({ namespace: 'cortex-chat', name, context, destination: image, pod: onPool('gpu') }))
}

/** The playbook's example 3: the first build pushed, and the next met a registry that no longer answers. */
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
          source,
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
        await build(world, 1)
      },
    },
    {
      ago: ago.days(1),
      happen: ({ apply }) =>
        apply(deployment({ namespace: 'cortex-chat', name: 'moe-router', image, pod: onPool('gpu') })),
    },
    {
      ago: ago.minutes(31),
      async happen(world) {
        world.cluster.network.divert('node-5', '10.43.170.72', 5000, 'nowhere')
        await build(world, 2)
      },
    },
  ],
  async mend({ cluster: { network } }) {
    network.restore('node-5', '10.43.170.72', 5000)
  },
}
