import type { Schema, Shape } from './attribute.js';
import { ROLE_SHAPE } from './role-schema.js';
import { GROUP_SHAPE, USER_SHAPE, USER_SHAPE_WITH_ROLES } from './schemas.js';
import { ScimError } from './scim.errors.js';
import { SERVICE_PROVIDER_CONFIG } from './service-provider-config.js';
import type { JsonObject } from './value.js';

/** What this service provides; roles only where they have an effect (docs/contract/scim.md#roles). */
export type Provided = { readonly base: string; readonly withRoles: boolean };

const shapesOf = ({ withRoles }: Provided): { readonly shape: Shape; readonly endpoint: string }[] => [
  { shape: withRoles ? USER_SHAPE_WITH_ROLES : USER_SHAPE, endpoint: '/Users' },
  { shape: GROUP_SHAPE, endpoint: '/Groups' },
  ...(withRoles ? [{ shape: ROLE_SHAPE, endpoint: '/Roles' }] : []),
];

const schemasOf = (provided: Provided): Schema[] => [
  ...shapesOf(provided).flatMap(({ shape }) => [shape.core, ...shape.extensions]),
  SERVICE_PROVIDER_CONFIG,
];

/** Discovery endpoints reject filters, so that no client believes that its filter was applied (RFC 7644, section 4). */
export function assertNotFiltered(query: Record<string, unknown>): void {
  if (query.filter !== undefined)
    throw new ScimError(null, 'This endpoint does not support a filter.', NO_FILTER);
}

const NO_FILTER = { status: 403, code: 'scim_filter_not_supported' }; // RFC 7644, section 4

/** RFC 7643, section 7. `base` is the URL of this service as the client sees it. */
export const schemaResources = (provided: Provided): JsonObject[] =>
  schemasOf(provided).map((schema) => ({
    ...(structuredClone(schema) as unknown as JsonObject),
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    meta: { resourceType: 'Schema', location: `${provided.base}/Schemas/${schema.id}` },
  }));

/** RFC 7643, section 6. */
export const resourceTypes = (provided: Provided): JsonObject[] =>
  shapesOf(provided).map(({ shape: { core, extensions }, endpoint }) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: core.name,
    name: core.name,
    endpoint,
    description: core.description,
    schema: core.id,
    schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${provided.base}/ResourceTypes/${core.name}` },
  }));
