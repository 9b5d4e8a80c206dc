import { common } from '../../jest.config.ts';

/** A SAML provider, Ory Polis and this server, one behind the other; the first two are installed when they are needed. */
export default {
  ...common,
  testMatch: ['<rootDir>/test/saml-bridge/**/*.bridge.ts'],
  globalSetup: '<rootDir>/test/setup/global-setup.mjs',
  globalTeardown: '<rootDir>/test/setup/global-teardown.mjs',
  testTimeout: 240_000,
  maxWorkers: 1,
};
