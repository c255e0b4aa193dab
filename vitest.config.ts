import { defineConfig } from 'vitest/config'

/** Milliseconds. A busy machine is no failure: how fast something is, the benchmarks tell. */
const patience = { testTimeout: 120_000, hookTimeout: 120_000 }

export default defineConfig({
  test: {
    globalSetup: 'test/support/shared-folder.ts',
    projects: [
      {
        test: {
          ...patience,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/system/**', 'test/e2e/**'],
          isolate: false, // each worker loads the program once; a test undoes what it changes of its process
          maxWorkers: 2,
          unstubEnvs: true,
        },
      },
      {
        test: {
          ...patience,
          retry: 1, // some of these tests still wait on the real clock; the report names a test that was tried again
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          maxWorkers: 2, // on two cores too: the longest files mostly wait
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 900_000,
          retry: 1,
        },
      },
    ],
  },
})
