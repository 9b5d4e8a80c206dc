import type { Config } from 'jest';
import tests from '../../jest.config.ts';

/**
 * Faults of PostgreSQL, the network and the disk, with real processes. Most of these tests wait: two workers use a third of
 * two processors.
 */
const config: Config = {
  rootDir: '../..',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: tests.moduleNameMapper!,
  transform: { '^.+\\.ts$': '@swc/jest' },
  testMatch: ['<rootDir>/test/faults/**/*.fault.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
  globalSetup: '<rootDir>/test/faults/setup.mjs',
  maxWorkers: 4,
  testTimeout: 30 * 60_000,
};

export default config;
