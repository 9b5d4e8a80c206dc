import pg from 'pg';

export type Read = (text: string) => unknown;

const TIMESTAMPTZ = 1184;
const UUID_ARRAY = 2951;

/** A time of the years 1000 to 2999, in UTC: JavaScript reads it as it stands. */
const PLAIN_TIME = /^[12]\d{3}-.*\+00$/;
/** Ids in one row, none of them null. */
const PLAIN_IDS = /^\{[0-9a-f,-]+\}$/;

/** pg's own types take the text for a number. */
const reader = (types: pg.TypeOverrides, oid: number) => types.getTypeParser(oid) as unknown as Read;
const anyTime = reader(new pg.TypeOverrides(), TIMESTAMPTZ);
const anyIds = reader(new pg.TypeOverrides(), UUID_ARRAY);

/**
 * How the pool turns columns into values: as pg does, but for the usual ones of two types. A page of a hundred members
 * has hundreds of them, and pg takes apart times by a pattern and arrays letter by letter.
 */
export const columnValues = new pg.TypeOverrides();
columnValues.setTypeParser(TIMESTAMPTZ, (text) => (PLAIN_TIME.test(text) ? new Date(text) : anyTime(text)));
columnValues.setTypeParser(UUID_ARRAY, (text) =>
  PLAIN_IDS.test(text) ? text.slice(1, -1).split(',') : anyIds(text),
);

/** For columns of the type with that number. */
export const readerOf = (oid: number): Read => reader(columnValues, oid);
