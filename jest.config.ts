import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

const MOST_WORKERS = 8; // each brings a process for its servers, and all share one PostgreSQL

/** Specs run beside the code without a database; e2e and architecture tests run the real server on a real PostgreSQL. */
const config: Config = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@tenantry/client$': '<rootDir>/packages/client/src/index.ts',
  },
  transform: { '^.+\\.ts$': '@swc/jest' },
  testMatch: [
    '<rootDir>/src/**/*.spec.ts',
    '<rootDir>/scripts/**/*.spec.ts',
    '<rootDir>/console/src/**/*.spec.ts',
    '<rootDir>/packages/*/src/**/*.spec.ts',
    '<rootDir>/test/{e2e,browser,processes}/**/*.e2e.ts',
    '<rootDir>/test/architecture/**/*.spec.ts',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
  globalSetup: '<rootDir>/test/setup/global-setup.mjs',
  globalTeardown: '<rootDir>/test/setup/global-teardown.mjs',
  setupFilesAfterEnv: process.env['RECORD_COVERAGE'] ? ['<rootDir>/test/setup/record-coverage.mjs'] : [],
  testSequencer: '<rootDir>/test/setup/slow-tests-first.mjs',
  maxWorkers: Math.min(availableParallelism(), MOST_WORKERS), // the main process only waits
  testTimeout: 240_000, // many times what any takes, for machines that are slow or busy
};

export default config;
