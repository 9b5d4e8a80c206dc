import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

const MOST_WORKERS = 8; // each brings a process for its servers, and all share one PostgreSQL

/** What all runs share, those with a configuration of their own included. */
export const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@tenantry/client$': '<rootDir>/packages/client/src/index.ts',
  },
  transform: { '^.+\\.ts$': '@swc/jest' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
};

/** Specs are beside the code and need neither PostgreSQL nor a build, which are prepared for the other tests only. */
const config: Config = {
  projects: [
    {
      ...common,
      displayName: 'specs',
      testMatch: ['src', 'scripts', 'console', 'packages/*/src'].map(
        (folder) => `<rootDir>/${folder}/**/*.spec.ts`,
      ),
    },
    {
      ...common,
      displayName: 'server',
      testMatch: [
        '<rootDir>/test/{e2e,browser,processes}/**/*.e2e.ts',
        '<rootDir>/test/architecture/**/*.spec.ts',
      ],
      globalSetup: '<rootDir>/test/setup/global-setup.mjs',
      globalTeardown: '<rootDir>/test/setup/global-teardown.mjs',
      setupFilesAfterEnv: process.env['RECORD_COVERAGE'] ? ['<rootDir>/test/setup/record-coverage.mjs'] : [],
    },
  ],
  testSequencer: '<rootDir>/test/setup/slow-tests-first.mjs',
  maxWorkers: Math.min(availableParallelism() + 1, MOST_WORKERS), // many tests wait; the main process does nothing else
  testTimeout: 240_000, // many times what any takes, for machines that are slow or busy
};

export default config;
