import type { Columns } from './columns.js';

type ResourceType = {
  readonly resourceType: string;
  /** Path of the resources below the base URL. */
  readonly endpoint: string;
  /** SQL of the array of schema URNs. */
  readonly schemas: string;
};

/** Columns of the attributes that every resource has (RFC 7643, section 3.1); `alias` is its table. */
export const metaColumns = (alias: string, { resourceType, endpoint, schemas }: ResourceType): Columns => ({
  schemas: {
    kind: 'list',
    any: (condition) => `exists (select from unnest(${schemas}) e where ${condition})`,
    parts: { value: { kind: 'text', sql: 'e', caseExact: true } },
  },
  id: { kind: 'id', sql: `${alias}.id` },
  externalId: { kind: 'text', sql: `${alias}.external_id`, caseExact: true, isUnique: true },
  meta: { kind: 'complex', sql: `${alias}.id` },
  'meta.resourceType': { kind: 'text', sql: `'${resourceType}'`, caseExact: true },
  'meta.created': { kind: 'instant', sql: `${alias}.created_at` },
  'meta.lastModified': { kind: 'instant', sql: `${alias}.updated_at` },
  'meta.location': { kind: 'location', sql: `${alias}.id`, endpoint },
  'meta.version': { kind: 'text', sql: `'W/"' || ${alias}.version || '"'`, caseExact: true },
});
