import type { Installation } from './installations.ts';
import { expecting, type JsonClient, jsonClient } from './json-client.ts';

/** A client of our SCIM endpoints with a new token. */
export async function scimClient({ server, adminKey }: Installation): Promise<JsonClient> {
  const admin = jsonClient(`${server.url}/v1/platform/orgs/current/scim`, { 'x-api-key': adminKey });
  const { token } = await expecting(201, admin('POST', '/tokens', { description: 'Benchmark' }));
  return jsonClient(`${server.url}/scim/v2`, { authorization: `Bearer ${token}` });
}

/** The body of a user as providers send it. */
export const scimUser = (name: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `${name}@scim.example.com`,
  externalId: name,
  displayName: `Person ${name}`,
  name: { givenName: 'Person', familyName: name },
  emails: [{ type: 'work', value: `${name}@scim.example.com`, primary: true }],
  active: true,
});

/** Creates a user or a group and returns its id. */
export const created = async (client: JsonClient, path: string, body: object): Promise<string> =>
  (await expecting(201, client('POST', path, body))).id;

export const userByName = (userName: string): string =>
  `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`;

export async function patch(client: JsonClient, path: string, operation: object): Promise<void> {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  const { status, body } = await client('PATCH', path, { schemas, Operations: [operation] });
  if (status >= 300) throw new Error(`PATCH ${path} returned ${status}: ${JSON.stringify(body)}`);
}

/** Adds members to a group as Entra does, and returns the milliseconds that it took. */
export async function addMembers(
  client: JsonClient,
  groupId: string,
  userIds: readonly string[],
): Promise<number> {
  const value = userIds.map((id) => ({ value: id }));
  const begun = performance.now();
  await patch(client, `/Groups/${groupId}`, { op: 'Add', path: 'members', value });
  return performance.now() - begun;
}

/** Runs `work` for 0 to `count` - 1, `atOnce` at a time. */
export async function inParallel(
  count: number,
  atOnce: number,
  work: (n: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
