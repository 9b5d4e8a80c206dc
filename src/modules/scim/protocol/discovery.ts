import { readOnly, reference, type Schema, type Shape } from './attribute.js';
import { MAX_BULK_OPERATIONS } from './bulk.js';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './list.js';
import { GROUP_SHAPE, ROLE_SHAPE, USER_SHAPE, USER_SHAPE_WITH_ROLES } from './schemas.js';
import type { JsonObject } from './value.js';

/** `base` is the URL of this service as the client sees it. */
type Provided = { readonly base: string; readonly rolesAreEnabled: boolean };

const shapesOf = ({ rolesAreEnabled }: Provided): { readonly shape: Shape; readonly endpoint: string }[] => [
  { shape: rolesAreEnabled ? USER_SHAPE_WITH_ROLES : USER_SHAPE, endpoint: '/Users' },
  { shape: GROUP_SHAPE, endpoint: '/Groups' },
  ...(rolesAreEnabled ? [{ shape: ROLE_SHAPE, endpoint: '/Roles' }] : []),
];

/** RFC 7643, section 7. */
export const schemaResources = (provided: Provided): JsonObject[] =>
  [
    ...shapesOf(provided).flatMap(({ shape }) => [shape.core, ...shape.extensions]),
    SERVICE_PROVIDER_CONFIG,
  ].map((schema) => ({
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

const flag = (name: string, description: string) =>
  readOnly(name, description, { type: 'boolean', required: true });
const size = (name: string, description: string) => readOnly(name, description, { type: 'integer' });
const feature = (name: string, description: string, sizes: readonly ReturnType<typeof size>[] = []) =>
  readOnly(name, description, {
    required: true,
    subAttributes: [flag('supported', 'Whether it is supported.'), ...sizes],
  });

/** RFC 7643, section 5, with `pagination` of RFC 9865, section 4. */
const SERVICE_PROVIDER_CONFIG: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  name: 'Service Provider Configuration',
  description: 'The features that this service supports.',
  attributes: [
    reference('documentationUri', 'The page for administrators.', ['external'], 'readOnly'),
    feature('patch', 'PATCH.'),
    feature('bulk', 'Bulk requests.', [
      size('maxOperations', 'The most operations of a request.'),
      size('maxPayloadSize', 'The most bytes of a request.'),
    ]),
    feature('filter', 'Filters.', [size('maxResults', 'The most resources of a page.')]),
    feature('changePassword', 'Changes of passwords.'),
    feature('sort', 'Sorting.'),
    feature('etag', 'ETags.'),
    readOnly('pagination', 'How lists are divided into pages.', {
      subAttributes: [
        flag('cursor', 'Whether pages can be requested by cursor.'),
        flag('index', 'Whether pages can be requested by index.'),
        readOnly('defaultPaginationMethod', 'What is used if a request has neither.', {
          caseExact: true,
          canonicalValues: ['cursor', 'index'],
        }),
        size('defaultPageSize', 'The resources of a page without count.'),
        size('maxPageSize', 'The most resources of a page.'),
      ],
    }),
    readOnly('authenticationSchemes', 'How clients authenticate.', {
      multiValued: true,
      required: true,
      subAttributes: [
        readOnly('type', 'The kind of the scheme.', {
          required: true,
          canonicalValues: ['oauthbearertoken'],
        }),
        readOnly('name', 'The name of the scheme.', { required: true }),
        readOnly('description', 'What the scheme needs.', { required: true }),
        reference('specUri', 'The specification of the scheme.', ['external'], 'readOnly'),
        readOnly('primary', 'Whether this is the preferred scheme.', { type: 'boolean' }),
      ],
    }),
  ],
};

/** Cursors do not expire, so there is no `cursorTimeout`. `maxPayloadSize` in bytes. */
export const serviceProviderConfig = (base: string, maxPayloadSize: number): JsonObject => ({
  schemas: [SERVICE_PROVIDER_CONFIG.id],
  documentationUri: `${base}/docs`,
  patch: { supported: true },
  bulk: { supported: true, maxOperations: MAX_BULK_OPERATIONS, maxPayloadSize },
  filter: { supported: true, maxResults: MAX_PAGE_SIZE },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  pagination: {
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: DEFAULT_PAGE_SIZE,
    maxPageSize: MAX_PAGE_SIZE,
  },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'SCIM token',
      description: 'A token of the organization, sent as Authorization: Bearer.',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});
