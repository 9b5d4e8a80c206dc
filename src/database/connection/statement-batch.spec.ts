import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { typeParsers } from './statement-batch.js';

const [TIMESTAMPTZ, UUID_ARRAY] = [1184, 2951];
const ID = '01a20eff-9e5a-75ad-bcf6-c74cbc8a8bce';

describe('typeParsers', () => {
  it.each([
    [TIMESTAMPTZ, '2026-11-24 19:13:29.123456+00'],
    [TIMESTAMPTZ, '2026-11-24 19:13:29.1+00'],
    [TIMESTAMPTZ, '2026-11-24 19:13:29+00'],
    [TIMESTAMPTZ, '2026-11-24 19:13:29.5+05:30'],
    [TIMESTAMPTZ, '1999-12-31 23:59:59.999999+00'],
    [TIMESTAMPTZ, '0001-01-01 00:00:00+00'],
    [TIMESTAMPTZ, '12026-01-01 00:00:00+00'],
    [TIMESTAMPTZ, '1044-03-15 00:00:00+00 BC'],
    [TIMESTAMPTZ, 'infinity'],
    [UUID_ARRAY, '{}'],
    [UUID_ARRAY, `{${ID}}`],
    [UUID_ARRAY, `{${ID},${ID}}`],
    [UUID_ARRAY, `{${ID},NULL}`],
    [UUID_ARRAY, `{{${ID}},{${ID}}}`],
  ])('parses a column with the type OID %i as pg does: %s', (oid, text) => {
    const read = (types: typeof typeParsers): unknown => types.getTypeParser(oid)(text as never);

    expect(read(typeParsers)).toEqual(read(new pg.TypeOverrides()));
  });
});
