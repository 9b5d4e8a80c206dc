import { describe, expect, it } from '@jest/globals';
import { explainOutage, outageKind } from './outage.js';
import { DatabaseUnavailable } from './errors.js';

const failure = (message: string, properties: object = {}) => Object.assign(new Error(message), properties);

describe('outageKind', () => {
  it.each(['08006', '53300', '57P01', '57P03', '25006', '55P03', '57014', '25P03'])(
    'returns the SQLSTATE %s, also if TypeORM wraps the error',
    (code) => {
      expect(outageKind(failure('of PostgreSQL', { code }))).toBe(code);
      expect(outageKind(failure('of TypeORM', { driverError: failure('of PostgreSQL', { code }) }))).toBe(
        code,
      );
    },
  );

  it('returns the SQLSTATE of a statement that its connection has to prepare again', () => {
    const stale = failure('a translated message', { code: '0A000', routine: 'RevalidateCachedQuery' });
    expect(outageKind(stale)).toBe('0A000');
    expect(outageKind(failure('prepared statement "s" does not exist', { code: '26000' }))).toBe('26000');
    expect(outageKind(failure('not supported', { code: '0A000' }))).toBeNull();
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND'])(
    'returns the error code %s of the operating system',
    (code) => {
      expect(outageKind(failure('connect failed', { code }))).toBe(code);
    },
  );

  it('returns the SQLSTATE of a FATAL error, which ends the connection', () => {
    expect(outageKind(failure('not accepting connections', { code: '55000', severity: 'FATAL' }))).toBe(
      '55000',
    );
    expect(outageKind(failure('not in this state', { code: '55000', severity: 'ERROR' }))).toBeNull();
  });

  it.each([
    ['timeout exceeded when trying to connect', 'no free connection'],
    ['Connection terminated due to connection timeout', 'connection timeout'],
    ['Connection terminated unexpectedly', 'connection lost'],
    ['Client has encountered a connection error and is not queryable', 'connection lost'],
  ])('returns a description for a connection error without a code: %s', (message, kind) => {
    expect(outageKind(failure(message))).toBe(kind);
  });

  it.each([
    failure('duplicate key', { code: '23505' }),
    failure('the client hung up', { code: 'ECONNRESET', statusCode: 400 }),
    failure('another error'),
    'ECONNREFUSED',
    null,
  ])('returns null for an error that is not an outage: %s', (error) => {
    expect(outageKind(error)).toBeNull();
    expect(explainOutage(error)).toBe(error);
  });
});

it('an outage becomes DatabaseUnavailable with its kind and cause', () => {
  const cause = failure('of PostgreSQL', { code: '57P01' });

  expect(explainOutage(cause)).toMatchObject({ kind: '57P01', code: 'database_unavailable', cause });
  expect(explainOutage(cause)).toBeInstanceOf(DatabaseUnavailable);
});
