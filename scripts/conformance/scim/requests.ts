import { randomUUID } from 'node:crypto';
import type { Expectation, Exchange } from '../client.ts';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export const newAddress = (): string => `conformance-${randomUUID()}@example.com`;
export const newName = (): string => `Conformance ${randomUUID()}`;

export const userOf = (address: string, more: object = {}) => ({
  schemas: [USER],
  userName: address,
  externalId: `subject of ${address}`,
  name: { givenName: 'Given', familyName: 'Family' },
  emails: [{ type: 'work', value: address, primary: true }],
  active: true,
  ...more,
});

export const get = (path: string): Exchange => ({ method: 'GET', path });
export const post = (path: string, body: unknown): Exchange => ({ method: 'POST', path, body });
export const put = (path: string, body: unknown): Exchange => ({ method: 'PUT', path, body });
export const remove = (path: string): Exchange => ({ method: 'DELETE', path });
export const patch = (path: string, ...operations: unknown[]): Exchange => ({
  method: 'PATCH',
  path,
  body: { schemas: [PATCH], Operations: operations },
});

export const filter = (path: string, text: string, more = ''): Exchange =>
  get(`${path}?filter=${encodeURIComponent(text)}${more}`);

export const refused = (status: number, scimType: string | undefined): Expectation => ({
  status,
  body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), scimType },
});

export const listOf = (totalResults: number): Expectation => ({ status: 200, body: { totalResults } });
