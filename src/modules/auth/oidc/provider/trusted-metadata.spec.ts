import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable } from './provider.errors.js';
import { discoveryAddress, trustedMetadata } from './trusted-metadata.js';

const document = {
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

describe('trusted metadata', () => {
  it.each<[string, object, string]>([
    ['when the issuer is the configured one', document, document.issuer],
    ['when the setting has an extra slash', document, `${document.issuer}/`],
    ['when the issuer has an extra slash', { ...document, issuer: `${document.issuer}/` }, document.issuer],
    [
      'when the setting is the discovery URL',
      document,
      `${document.issuer}/.well-known/openid-configuration`,
    ],
    [
      'when the discovery URL has a query',
      document,
      `${document.issuer}/.well-known/openid-configuration?p=policy`,
    ],
    [
      'with an endpoint in a private network',
      { ...document, token_endpoint: 'https://10.0.0.7/token' },
      document.issuer,
    ],
    ['of a provider on loopback', local, local.issuer],
  ])('accepts provider metadata %s', (_, metadata, issuerUrl) => {
    expect(trustedMetadata({ ...metadata }, issuerUrl)).toMatchObject(metadata);
  });
});

describe('rejected metadata', () => {
  it.each<[string, object]>([
    ['of another issuer', { issuer: 'https://evil.test/realm' }],
    ['of an issuer with the same prefix', { issuer: 'https://idp.test/realm2' }],
    ['without an issuer', { issuer: undefined }],
    ['without a token endpoint', { token_endpoint: undefined }],
    ['without a key set URL', { jwks_uri: undefined }],
    ['with a token endpoint over plain HTTP', { token_endpoint: 'http://idp.test/token' }],
    ['with a key set over plain HTTP', { jwks_uri: 'http://idp.test/keys' }],
    ['with a UserInfo endpoint over plain HTTP', { userinfo_endpoint: 'http://idp.test/me' }],
    ['with an authorization endpoint over plain HTTP', { authorization_endpoint: 'http://idp.test/auth' }],
    [
      'with an endpoint for pushed requests over plain HTTP',
      { pushed_authorization_request_endpoint: 'http://idp.test/par' },
    ],
    ['with a javascript URL', { authorization_endpoint: 'javascript:alert(1)' }],
    ['with a file URL', { jwks_uri: 'file:///etc/passwd' }],
    ['with a loopback host name', { jwks_uri: 'https://localhost/keys' }],
    ['with a loopback address over plain HTTP', { jwks_uri: 'http://127.0.0.1/keys' }],
    ['with a loopback address as a number', { jwks_uri: 'https://2130706433/keys' }],
    ['with an IPv6 loopback address', { token_endpoint: 'https://[::1]/token' }],
    ['with an IPv4-mapped loopback address', { token_endpoint: 'https://[::ffff:127.0.0.1]/token' }],
    ['with the address of a cloud metadata service', { token_endpoint: 'https://169.254.169.254/latest' }],
    ['with a password in a URL', { token_endpoint: 'https://a:b@idp.test/token' }],
    ['with algorithms that are not an array', { id_token_signing_alg_values_supported: 'RS256' }],
  ])('rejects provider metadata %s', (_, changes) => {
    expect(() => trustedMetadata({ ...document, ...changes }, document.issuer)).toThrow(ProviderUnavailable);
  });
});

describe('discoveryAddress', () => {
  it.each([
    ['https://idp.test', 'https://idp.test/.well-known/openid-configuration'],
    ['https://idp.test/realm/', 'https://idp.test/realm/.well-known/openid-configuration'],
    [
      'https://idp.test/.well-known/openid-configuration?p=1',
      'https://idp.test/.well-known/openid-configuration?p=1',
    ],
  ])('maps the issuer URL %s to the discovery URL %s', (issuerUrl, address) => {
    expect(discoveryAddress(issuerUrl).href).toBe(address);
  });
});
