import type { JsonObject } from './value.js';

const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

type Page = { readonly totalResults: number; readonly startIndex: number };

/** RFC 7644, section 3.4.2, lets an empty list omit `Resources`; here it is an empty array. */
export const listResponse = (
  resources: readonly JsonObject[],
  { totalResults, startIndex }: Page,
): JsonObject => ({
  schemas: [LIST_SCHEMA],
  totalResults,
  startIndex,
  itemsPerPage: resources.length,
  Resources: [...resources],
});

export const wholeList = (resources: readonly JsonObject[]): JsonObject =>
  listResponse(resources, { totalResults: resources.length, startIndex: 1 });
