import { attribute, type Schema } from './attribute.js';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './list.js';
import type { JsonObject } from './value.js';

export const MAX_BULK_OPERATIONS = 1_000;

const readOnly = (name: string, description: string, options: Parameters<typeof attribute>[2] = {}) =>
  attribute(name, description, { mutability: 'readOnly', ...options });

const flag = (name: string, description: string) =>
  readOnly(name, description, { type: 'boolean', required: true });
const size = (name: string, description: string) => readOnly(name, description, { type: 'integer' });
const feature = (name: string, description: string, sizes: readonly ReturnType<typeof size>[] = []) =>
  readOnly(name, description, {
    required: true,
    subAttributes: [flag('supported', 'Whether it is supported.'), ...sizes],
  });

/** RFC 7643, section 5, with `pagination` of RFC 9865, section 4. */
export const SERVICE_PROVIDER_CONFIG: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  name: 'Service Provider Configuration',
  description: 'The features that this service supports.',
  attributes: [
    readOnly('documentationUri', 'The page for administrators.', {
      type: 'reference',
      referenceTypes: ['external'],
      caseExact: true,
    }),
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
        readOnly('specUri', 'The specification of the scheme.', {
          type: 'reference',
          referenceTypes: ['external'],
          caseExact: true,
        }),
        readOnly('primary', 'Whether this is the preferred scheme.', { type: 'boolean' }),
      ],
    }),
  ],
};

/** The supported features. Cursors do not expire, so there is no `cursorTimeout`. `maxPayloadSize` in bytes. */
export const serviceProviderConfig = (base: string, maxPayloadSize: number): JsonObject => ({
  schemas: [SERVICE_PROVIDER_CONFIG.id],
  documentationUri: `${base}/docs`,
  patch: { supported: true },
  bulk: {
    supported: true,
    maxOperations: MAX_BULK_OPERATIONS,
    maxPayloadSize,
  },
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
