import type { Config } from 'jest';
import { common } from '../../jest.config.ts';

/**
 * Faults of PostgreSQL, the network and the disk, with real processes. Most of these tests wait: two workers use a third of
 * two processors.
 */
const config: Config = {
  ...common,
  testMatch: ['<rootDir>/test/faults/**/*.fault.ts'],
  globalSetup: '<rootDir>/test/faults/setup.mjs',
  maxWorkers: 4,
  testTimeout: 30 * 60_000,
};

export default config;
