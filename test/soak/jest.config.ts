import faults from '../faults/jest.config.ts';

/** Mixed load with faults at random, for as long as `npm run soak` says. */
export default {
  ...faults,
  testMatch: ['<rootDir>/test/soak/**/*.soak.ts'],
  testTimeout: 30 * 3_600_000,
};
