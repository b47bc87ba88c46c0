import { availableParallelism } from 'node:os'

export default {
  testEnvironment: 'node',
  // Sibling packages resolve to their src/*.ts, as in the editor and in tsc: no build is needed.
  testEnvironmentOptions: {
    // Jest itself adds `import` or `require`, as the importing file has it.
    customExportConditions: ['source', 'node', 'node-addons'],
  },
  testMatch: ['**/src/**/*.test.ts', '**/test/**/*.test.ts', '<rootDir>/scripts/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/\\.data/', '<rootDir>/\\.cache/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  setupFiles: ['<rootDir>/packages/db/test-support/core-errors.ts'],
  globalSetup: '<rootDir>/packages/db/test-support/global-setup.ts',
  globalTeardown: '<rootDir>/packages/db/test-support/global-teardown.ts',
  // Only what hangs for ever: each wait of a test has a limit of its own, and says what it waited for.
  testTimeout: 300_000,
  // Most tests wait for a store, so there is room for one file more than there are cores.
  maxWorkers: availableParallelism() + 1,
}
