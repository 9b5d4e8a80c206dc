import { describe, expect, it } from '@jest/globals';
import { parse } from 'pg-connection-string';
import { connectionUrl } from './postgres-connection.js';

const FILE = import.meta.filename; // only has to be readable
type Settings = {
  schema?: string;
  isRequired?: boolean;
  clientCertificatePath?: string;
  clientKeyPath?: string;
  authorities?: string;
};
const TLS = { isRequired: true };
const CA = { authorities: FILE };
const CLIENT = { clientCertificatePath: FILE, clientKeyPath: FILE };

/** The parameters that node-postgres is given, without the switch for the meaning of libpq. */
function parametersOf(query: string, { authorities, schema, ...given }: Settings = {}) {
  const tls = { isRequired: false, clientCertificatePath: null, clientKeyPath: null, ...given };
  const settings = {
    database: { password: null, schema: schema ?? null, tls },
    trustedCertificatesFile: authorities ?? null,
  };
  const url = new URL(connectionUrl(`postgres://u:p@db/t${query}`, settings));
  const { uselibpqcompat, ...parameters } = Object.fromEntries(url.searchParams);
  expect(uselibpqcompat).toBe(
    parameters['sslmode'] && parameters['sslmode'] !== 'disable' ? 'true' : undefined,
  );
  return parameters;
}

describe('TLS to the database', () => {
  it.each<[string, Settings, Record<string, string>]>([
    ['', {}, {}],
    ['?sslmode=disable', {}, { sslmode: 'disable' }],
    ['?sslmode=allow', {}, { sslmode: 'allow' }],
    ['?sslmode=prefer', CA, { sslmode: 'prefer' }],
    ['?sslmode=require', CA, { sslmode: 'require' }],
    ['?sslmode=no-verify', {}, { sslmode: 'require' }],
    ['?ssl=true', {}, { sslmode: 'require' }],
    ['?ssl=verify-full', {}, { sslmode: 'verify-full' }],
    [`?sslmode=require&sslrootcert=${FILE}`, {}, { sslmode: 'require', sslrootcert: FILE }],
    ['?sslmode=verify-ca', CA, { sslmode: 'verify-ca', sslrootcert: FILE }],
    ['?sslmode=verify-full', CA, { sslmode: 'verify-full' }],
    ['?sslmode=verify-full&sslrootcert=system', {}, { sslmode: 'verify-full' }],
    ['?sslrootcert=system', {}, { sslmode: 'verify-full' }],
    [`?sslrootcert=${FILE}`, {}, { sslmode: 'verify-full', sslrootcert: FILE }],
    ['', TLS, { sslmode: 'verify-full' }],
    ['?sslmode=prefer', TLS, { sslmode: 'verify-full' }],
    ['?sslmode=require', { ...TLS, ...CA }, { sslmode: 'require', sslrootcert: FILE }],
    ['?sslmode=verify-full', { ...CLIENT, ...TLS }, { sslmode: 'verify-full', sslcert: FILE, sslkey: FILE }],
    ['', CLIENT, { sslmode: 'prefer', sslcert: FILE, sslkey: FILE }],
  ])('has for %j with %j the meaning of libpq', (query, settings, expected) => {
    expect(parametersOf(query, settings)).toEqual(expected);
  });

  it('refuses a mode without TLS beside POSTGRES_TLS', () => {
    expect(() => parametersOf('?sslmode=disable', TLS)).toThrow('contradicts TLS settings');
  });
});

describe('the password of the database', () => {
  const settings = {
    database: {
      password: 'to%ken?a=b&c d',
      schema: null,
      tls: { isRequired: false, clientCertificatePath: null, clientKeyPath: null },
    },
    trustedCertificatesFile: null,
  };

  it.each(['postgres://u@db/t', 'postgres://u@db:6432/t?sslmode=require', 'postgres:///t?host=/run&user=u'])(
    'is that of its own setting for %s',
    (url) => {
      expect(parse(connectionUrl(url, settings))).toMatchObject({ user: 'u', password: 'to%ken?a=b&c d' });
    },
  );

  it.each(['postgres://u:own@db/t', 'postgres:///t?host=/run&user=u&password=own'])(
    'stays as %s says',
    (url) => {
      expect(parse(connectionUrl(url, settings))).toMatchObject({ user: 'u', password: 'own' });
    },
  );
});

describe('the schema of the database', () => {
  it('is set for each connection beside the options of the URL', () => {
    expect(parametersOf('?options=-c%20jit%3Doff', { schema: 'Tenantry' })).toEqual({
      options: '-c jit=off -c search_path="Tenantry"',
    });
  });

  it('is left to the role and the database when it is public, which the chart always writes', () => {
    expect(parametersOf('', { schema: 'public' })).toEqual({});
  });
});
