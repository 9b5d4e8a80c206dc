import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable } from '../provider.errors.js';
import { discoveryAddress, trustedMetadata } from './trusted-metadata.js';

const said = {
  issuer: 'https://idp.test/realm',
  authorization_endpoint: 'https://idp.test/realm/auth',
  token_endpoint: 'https://tokens.idp.test/token',
  jwks_uri: 'https://idp.test/realm/keys',
};
const local = {
  issuer: 'http://127.0.0.1:4000',
  authorization_endpoint: 'http://127.0.0.1:4000/auth',
  token_endpoint: 'http://127.0.0.1:4000/token',
  jwks_uri: 'http://127.0.0.1:4000/keys',
};

describe('what a provider says of itself is trusted', () => {
  it.each<[string, object, string]>([
    ['when it is the issuer that was named', said, said.issuer],
    ['when the operator wrote a slash more', said, `${said.issuer}/`],
    ['when it writes the slash itself', { ...said, issuer: `${said.issuer}/` }, said.issuer],
    ['when it was named by its discovery address', said, `${said.issuer}/.well-known/openid-configuration`],
    ['when that has a query', said, `${said.issuer}/.well-known/openid-configuration?p=policy`],
    ['in a private network', { ...said, token_endpoint: 'https://10.0.0.7/token' }, said.issuer],
    ['on this machine', local, local.issuer],
  ])('%s', (_, metadata, issuerUrl) => {
    expect(trustedMetadata({ ...metadata }, issuerUrl)).toMatchObject(metadata);
  });
});

describe('what a provider says of itself is not trusted', () => {
  it.each<[string, object]>([
    ['when it is another issuer', { issuer: 'https://evil.test/realm' }],
    ['when it is an issuer that begins alike', { issuer: 'https://idp.test/realm2' }],
    ['when it has no name', { issuer: undefined }],
    ['without a place for tokens', { token_endpoint: undefined }],
    ['without keys', { jwks_uri: undefined }],
    ['in the clear', { token_endpoint: 'http://idp.test/token' }],
    ['with keys in the clear', { jwks_uri: 'http://idp.test/keys' }],
    ['with details in the clear', { userinfo_endpoint: 'http://idp.test/me' }],
    ['when it sends browsers into the clear', { authorization_endpoint: 'http://idp.test/auth' }],
    ['when it sends browsers to a script', { authorization_endpoint: 'javascript:alert(1)' }],
    ['when it sends us to a file', { jwks_uri: 'file:///etc/passwd' }],
    ['when it sends us to this machine', { jwks_uri: 'https://localhost/keys' }],
    ['when it sends us to this machine, unsecured', { jwks_uri: 'http://127.0.0.1/keys' }],
    ['when it sends us to this machine by a number', { jwks_uri: 'https://2130706433/keys' }],
    ['when it sends us to this machine by IPv6', { token_endpoint: 'https://[::1]/token' }],
    ['when it sends us to a mapped address', { token_endpoint: 'https://[::ffff:127.0.0.1]/token' }],
    ['when it sends us where clouds keep credentials', { token_endpoint: 'https://169.254.169.254/latest' }],
    ['with a password in an address', { token_endpoint: 'https://a:b@idp.test/token' }],
    ['with algorithms that are no list', { id_token_signing_alg_values_supported: 'RS256' }],
  ])('%s', (_, changes) => {
    expect(() => trustedMetadata({ ...said, ...changes }, said.issuer)).toThrow(ProviderUnavailable);
  });
});

describe('the discovery address', () => {
  it.each([
    ['https://idp.test', 'https://idp.test/.well-known/openid-configuration'],
    ['https://idp.test/realm/', 'https://idp.test/realm/.well-known/openid-configuration'],
    [
      'https://idp.test/.well-known/openid-configuration?p=1',
      'https://idp.test/.well-known/openid-configuration?p=1',
    ],
  ])('of %s is %s', (issuerUrl, address) => {
    expect(discoveryAddress(issuerUrl).href).toBe(address);
  });
});
