import pg from 'pg';

export type ParseColumn = (text: string) => unknown;

const TIMESTAMPTZ = 1184;
const UUID_ARRAY = 2951;

/** A time of the years 1000 to 2999, in UTC: JavaScript reads it as it stands. */
const UTC_TIMESTAMP = /^[12]\d{3}-.*\+00$/;
/** Ids in one row, none of them null. */
const UUID_ARRAY_LITERAL = /^\{[0-9a-f,-]+\}$/;

/** pg's own types take the text for a number. */
const defaultParser = (types: pg.TypeOverrides, oid: number) =>
  types.getTypeParser(oid) as unknown as ParseColumn;
const parseAnyTimestamp = defaultParser(new pg.TypeOverrides(), TIMESTAMPTZ);
const parseAnyUuidArray = defaultParser(new pg.TypeOverrides(), UUID_ARRAY);

/**
 * How the pool turns columns into values: as pg does, but for the usual ones of two types. A page of a hundred members
 * has hundreds of them, and pg takes apart times by a pattern and arrays letter by letter.
 */
export const typeParsers = new pg.TypeOverrides();
typeParsers.setTypeParser(TIMESTAMPTZ, (text) =>
  UTC_TIMESTAMP.test(text) ? new Date(text) : parseAnyTimestamp(text),
);
typeParsers.setTypeParser(UUID_ARRAY, (text) =>
  UUID_ARRAY_LITERAL.test(text) ? text.slice(1, -1).split(',') : parseAnyUuidArray(text),
);

/** For columns of the type with that number. */
export const parserOf = (oid: number): ParseColumn => defaultParser(typeParsers, oid);
