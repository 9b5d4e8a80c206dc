import { ScimError, type ScimType } from './scim.errors.js';
import { bodyOf, type JsonObject } from './value.js';

/** Parameters of a list request (RFC 7644, section 3.4.2), from the query or the body of `/.search`. */
export type ListRequest = {
  readonly filter: string | null;
  readonly sortBy: string | null;
  readonly descending: boolean;
  /** 1-based. */
  readonly startIndex: number;
  /** Of the page before; empty: the first page; null: pages are requested by index (RFC 9865, section 2). */
  readonly cursor: string | null;
  readonly count: number;
  readonly attributes: readonly string[] | null;
  readonly excludedAttributes: readonly string[] | null;
};

export const MAX_PAGE_SIZE = 1_000;
export const DEFAULT_PAGE_SIZE = 100;

export const readListRequest = (body: unknown): ListRequest => {
  const input = bodyOf(body);
  const cursor = readCursor(input);
  return {
    filter: text(input, 'filter'),
    sortBy: text(input, 'sortBy'),
    descending: readOrder(text(input, 'sortOrder')),
    startIndex: Math.max(1, whole(input, 'startIndex') ?? 1), // less than 1 is 1
    cursor,
    count: readCount(input, cursor !== null),
    ...readAttributeNames(input),
  };
};

function readCursor({ cursor = null, startIndex = null }: JsonObject): string | null {
  if (cursor === null) return null;
  if (typeof cursor !== 'string') throw new ScimError('invalidCursor', 'cursor has to be a single string.');
  if (startIndex !== null)
    throw new ScimError('invalidValue', 'A list is requested with either startIndex or cursor.');
  return cursor;
}

function readCount(input: JsonObject, isByCursor: boolean): number {
  const count = whole(input, 'count', isByCursor ? 'invalidCount' : 'invalidValue') ?? DEFAULT_PAGE_SIZE;
  if (isByCursor && count < 1)
    throw new ScimError('invalidCount', 'With a cursor, count has to be at least 1.');
  return Math.min(MAX_PAGE_SIZE, Math.max(0, count)); // less than 0 is 0
}

export type AttributeSelection = Pick<ListRequest, 'attributes' | 'excludedAttributes'>;

export const readAttributeNames = (input: Record<string, unknown>): AttributeSelection => ({
  attributes: names(input, 'attributes'),
  excludedAttributes: names(input, 'excludedAttributes'),
});

const given = (input: Record<string, unknown>, name: string): unknown =>
  input[name] === '' ? null : (input[name] ?? null);

function text(input: JsonObject, name: string): string | null {
  const value = given(input, name);
  if (value !== null && typeof value !== 'string')
    throw new ScimError('invalidValue', `${name} has to be a single string.`);
  return value;
}

function readOrder(order: string | null): boolean {
  const known = order?.toLowerCase() ?? 'ascending';
  if (known !== 'ascending' && known !== 'descending')
    throw new ScimError('invalidValue', 'sortOrder has to be ascending or descending.');
  return known === 'descending';
}

function whole(input: JsonObject, name: string, scimType: ScimType = 'invalidValue'): number | null {
  const value = given(input, name);
  if (value === null) return null;
  const number = typeof value === 'string' && /^[+-]?\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    throw new ScimError(scimType, `${name} has to be a whole number.`);
  return number;
}

function names(input: Record<string, unknown>, name: string): string[] | null {
  const value = given(input, name);
  if (value === null) return null;
  const listed = (Array.isArray(value) ? value : [value]).flatMap((one) => {
    if (typeof one !== 'string') throw new ScimError('invalidValue', `${name} has to be a list of names.`);
    return one.split(',');
  });
  return listed.map((one) => one.trim()).filter((one) => one !== '');
}

const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

type Page = {
  readonly totalResults: number;
  readonly startIndex?: number | undefined;
  readonly nextCursor?: string | undefined;
};

/** RFC 7644, section 3.4.2, lets an empty list omit `Resources`; here it is an empty array. */
export const listResponse = (
  resources: readonly JsonObject[],
  { totalResults, startIndex, nextCursor }: Page,
): JsonObject => ({
  schemas: [LIST_SCHEMA],
  totalResults,
  ...(startIndex === undefined ? {} : { startIndex }),
  itemsPerPage: resources.length,
  ...(nextCursor === undefined ? {} : { nextCursor }),
  Resources: [...resources],
});

export const wholeList = (resources: readonly JsonObject[]): JsonObject =>
  listResponse(resources, { totalResults: resources.length, startIndex: 1 });
