import tests from '../../jest.config.ts';

/** A SAML provider, Ory Polis and this server, one behind the other; the first two are installed when they are needed. */
export default {
  ...tests,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/saml-bridge/**/*.bridge.ts'],
  maxWorkers: 1,
};
