import { ScimError } from './scim-error.js';
import { isObject } from './value.js';

/** What a list is asked (RFC 7644, section 3.4.2), from the query or the body of `/.search`. */
export type ListRequest = {
  readonly filter: string | null;
  readonly sortBy: string | null;
  readonly descending: boolean;
  /** From 1 on. */
  readonly startIndex: number;
  readonly count: number;
  readonly attributes: readonly string[] | null;
  readonly excludedAttributes: readonly string[] | null;
};

export const LARGEST_PAGE = 1_000;
const USUAL_PAGE = 100;

export const readListRequest = (given: unknown): ListRequest => {
  if (!isObject(given)) throw new ScimError('invalidSyntax', 'The body has to be a JSON object.');
  return {
    filter: text(given, 'filter'),
    sortBy: text(given, 'sortBy'),
    descending: readOrder(text(given, 'sortOrder')),
    startIndex: Math.max(1, whole(given, 'startIndex') ?? 1), // less than 1 is 1
    count: Math.min(LARGEST_PAGE, Math.max(0, whole(given, 'count') ?? USUAL_PAGE)), // less than 0 is 0
    attributes: names(given, 'attributes'),
    excludedAttributes: names(given, 'excludedAttributes'),
  };
};

/** `attributes` and `excludedAttributes` of a request for one resource. */
export const readAttributeNames = (given: Record<string, unknown>) => ({
  attributes: names(given, 'attributes'),
  excludedAttributes: names(given, 'excludedAttributes'),
});

function text(given: Record<string, unknown>, name: string): string | null {
  const value = given[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw new ScimError('invalidValue', `${name} has to be one text.`);
  return value;
}

function readOrder(order: string | null): boolean {
  const known = order?.toLowerCase() ?? 'ascending';
  if (known !== 'ascending' && known !== 'descending')
    throw new ScimError('invalidValue', 'sortOrder is ascending or descending.');
  return known === 'descending';
}

function whole(given: Record<string, unknown>, name: string): number | null {
  const value = given[name];
  if (value === undefined || value === null || value === '') return null;
  const number = typeof value === 'string' && /^[+-]?\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    throw new ScimError('invalidValue', `${name} has to be a whole number.`);
  return number;
}

function names(given: Record<string, unknown>, name: string): string[] | null {
  const value = given[name];
  if (value === undefined || value === null || value === '') return null;
  const listed = (Array.isArray(value) ? value : [value]).flatMap((one) => {
    if (typeof one !== 'string') throw new ScimError('invalidValue', `${name} has to be a list of names.`);
    return one.split(',');
  });
  return listed.map((one) => one.trim()).filter((one) => one !== '');
}
