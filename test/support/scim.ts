import { expect } from '@jest/globals';
import type { Api, Reply } from './api.js';
import { exchange } from './exchange.js';
import type { OrgWithAdmin, Person } from './fixtures.js';
import type { TestApp } from './test-app.js';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const TENANTRY_GROUP = 'urn:ietf:params:scim:schemas:extension:tenantry:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

type Options = { headers?: Record<string, string>; raw?: string };

/** A SCIM client with a token. Bodies of responses must have the SCIM media type. */
export class Scim {
  constructor(
    private readonly url: string,
    readonly token: string,
  ) {}

  get = (path: string, options?: Options) => this.send('GET', path, undefined, options);
  post = (path: string, body?: unknown, options?: Options) => this.send('POST', path, body, options);
  put = (path: string, body?: unknown, options?: Options) => this.send('PUT', path, body, options);
  delete = (path: string, options?: Options) => this.send('DELETE', path, undefined, options);
  patch = (path: string, operations: unknown[], options?: Options) =>
    this.send('PATCH', path, { schemas: [PATCH], Operations: operations }, options);

  async send(method: string, path: string, body: unknown, options: Options = {}): Promise<Reply> {
    const text = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const {
      status,
      headers,
      text: response,
    } = await exchange(`${this.url}/scim/v2${path}`, {
      method,
      headers: {
        ...(text === undefined ? {} : { 'content-type': 'application/scim+json' }),
        authorization: `Bearer ${this.token}`,
        ...options.headers,
      },
      body: text,
    });
    if (response === '') return { status, headers, body: null };
    const type = headers.get('content-type') ?? '';
    if (!type.startsWith('application/scim+json')) throw new Error(`${method} ${path} returned ${type}`);
    return { status, headers, body: JSON.parse(response) };
  }

  /** The only user, or group, that a filter finds. Throws if there is none or more than one. */
  async findOne(resource: 'Users' | 'Groups' | 'Roles', filter: string): Promise<Reply['body']> {
    const { body } = await this.get(`/${resource}?filter=${encodeURIComponent(filter)}`);
    if (body.totalResults !== 1) throw new Error(`${filter} finds ${body.totalResults}`);
    return body.Resources[0];
  }
}

/** A SCIM token of the organization, created by its admin. */
export async function scimOf(admin: Api): Promise<Scim> {
  const { status, body } = await admin.post('/v1/platform/orgs/current/scim/tokens', {});
  if (status !== 201) throw new Error(`making a SCIM token: ${status}`);
  return new Scim(admin.url, body.token);
}

/**
 * A token as operators could create them before docs/contract/scim.md#tokens forbade it; the operator is its creator.
 */
export async function scimOfOperator(
  t: Pick<TestApp, 'sql'>,
  { admin }: Pick<OrgWithAdmin, 'admin'>,
  { userId }: Pick<Person, 'userId'>,
): Promise<Scim> {
  const { body } = await admin.api.post('/v1/platform/orgs/current/scim/tokens', {});
  await t.sql('update scim_tokens set makes_admins = false, created_by_user_id = $2 where id = $1', [
    body.id,
    userId,
  ]);
  return new Scim(admin.api.url, body.token);
}

export const listOf = (filter: string, more = '') => `?filter=${encodeURIComponent(filter)}${more}`;

/** What a response with an error in the format of RFC 7644, section 3.12, contains. */
export const scimError = (status: number, scimType?: string) => ({
  status,
  body: {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    detail: expect.any(String),
    ...(scimType ? { scimType } : {}),
  },
});

/** A user as a provider sends it. */
export const userOf = (email: string, more: object = {}) => ({
  schemas: [USER],
  userName: email,
  externalId: `subject of ${email}`,
  name: { givenName: 'Given', familyName: 'Family' },
  emails: [{ type: 'work', value: email, primary: true }],
  active: true,
  ...more,
});
