import { randomUUID } from 'node:crypto';
import type { Client, Exchange } from '../client.ts';

export const ORG = '/api/v1/orgs/current';
export const WORKSPACE = '/api/v1/workspaces/current';
export const PLATFORM = '/v1/platform/orgs/current';

export const newAddress = (): string => `conformance-${randomUUID()}@example.com`;
export const newName = (): string => `Conformance ${randomUUID()}`;

type Headers = Readonly<Record<string, string>>;

export const get = (path: string, headers: Headers = {}): Exchange => ({ method: 'GET', path, headers });
export const post = (path: string, body?: unknown, headers: Headers = {}): Exchange => ({
  method: 'POST',
  path,
  body,
  headers,
});
export const patch = (path: string, body: unknown): Exchange => ({ method: 'PATCH', path, body });
export const remove = (path: string): Exchange => ({ method: 'DELETE', path });

/** The list at a path. @throws Error if the response is no list */
export async function listAt(client: Client, path: string): Promise<Record<string, unknown>[]> {
  const { status, text } = await client.send(get(path));
  const list: unknown = status === 200 ? JSON.parse(text) : null;
  if (!Array.isArray(list)) throw new Error(`GET ${path}: ${status} ${text.slice(0, 300)}`);
  return list as Record<string, unknown>[];
}

/** The header that names the first workspace, and its id. @throws Error if the key sees no workspace */
export async function firstWorkspace(client: Client): Promise<{ id: string; headers: Headers }> {
  const [workspace] = await listAt(client, '/api/v1/workspaces');
  if (!workspace) throw new Error('the key sees no workspace');
  const id = String(workspace['id']);
  return { id, headers: { 'x-tenant-id': id } };
}

/** The ids of the system roles by name. */
export async function rolesOf(client: Client): Promise<Readonly<Record<string, string>>> {
  const roles = await listAt(client, `${ORG}/roles`);
  return Object.fromEntries(roles.map(({ name, id }) => [name, String(id)]));
}
