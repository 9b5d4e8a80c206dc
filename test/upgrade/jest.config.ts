import faults from '../faults/jest.config.ts';

/** This release and the previous one on one database, with real processes. */
export default { ...faults, testMatch: ['<rootDir>/test/upgrade/**/*.upgrade.ts'] };
