import type pg from 'pg';
import { built } from './built.ts';
import { SALT } from './processes.ts';

type KeyScope = { orgId: string; workspaceId: string };

const INSERT = `
  insert into api_keys (
    id, kind, org_id, digest, short_key, description, is_org_wide, org_role_id, workspace_role_id, default_workspace_id)
  select uuidv7(), 'service', $1, $2, 'lsv2_sk_...', 'Benchmark', $3,
    (select id from roles where $3 and org_id is null and name = 'ORGANIZATION_ADMIN'),
    (select id from roles where org_id is null and name = 'WORKSPACE_ADMIN'), $4
  returning id`;

/** A key that is an organization admin. */
export async function orgAdminKey(client: pg.Client, { orgId }: KeyScope): Promise<string> {
  const { secret, digest } = await newKey();
  await client.query(INSERT, [orgId, digest, true, null]);
  return secret;
}

/** A key that is an admin of one workspace and has no org role. */
export async function workspaceAdminKey(
  client: pg.Client,
  { orgId, workspaceId }: KeyScope,
): Promise<string> {
  const { secret, digest } = await newKey();
  const { rows } = await client.query<{ id: string }>(INSERT, [orgId, digest, false, workspaceId]);
  await client.query(
    'insert into api_key_workspaces (api_key_id, workspace_id, org_id) values ($1, $2, $3)',
    [rows[0]!.id, workspaceId, orgId],
  );
  return secret;
}

async function newKey(): Promise<{ secret: string; digest: Buffer }> {
  const { newApiKey } = await built<typeof import('../src/common/secrets/api-key-format.js')>(
    'common/secrets/api-key-format',
  );
  const { secretDigest } = await built<typeof import('../src/common/secrets/secret-digest.js')>(
    'common/secrets/secret-digest',
  );
  const secret = newApiKey('service');
  return { secret, digest: secretDigest(SALT, secret) };
}
