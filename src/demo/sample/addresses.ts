/**
 * Who is outside of the cluster, and where. Addresses are those that RFC 5737 keeps for documentation: should one ever be
 * dialled for real, nobody is there.
 */
export const addresses = {
  'registry-1.docker.io': '198.51.100.10',
  'index.docker.io': '198.51.100.10',
  'auth.docker.io': '198.51.100.11',
  'ghcr.io': '198.51.100.20',
  'gcr.io': '198.51.100.30',
  'registry.acme.io': '198.51.100.40',
  'harbor.acme.io': '198.51.100.41',
  'git.acme.io': '198.51.100.50',
  'npm.acme.io': '198.51.100.51',
  'pypi.acme.io': '198.51.100.52',
  'wheels.acme.io': '198.51.100.53',
} as const

/** Registries that run in the cluster, by the addresses of their Services. */
export const inCluster: readonly string[] = ['10.43.170.72:5000', '10.43.201.9:5000']

/** Registries elsewhere, and the names under which they are asked. */
export const outsideRegistries: readonly string[] = [
  'docker.io',
  'registry-1.docker.io',
  'auth.docker.io',
  'ghcr.io',
  'gcr.io',
  'registry.acme.io',
  'registry.acme.io:5443',
  'harbor.acme.io',
]

/** What Docker Hub sees of node-6, whose gateway many share. */
export const sharedGateway = '203.0.113.66'
