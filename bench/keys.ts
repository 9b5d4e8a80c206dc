import { randomBytes } from 'node:crypto';
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
  const { secret, digest } = await newKey('service');
  await client.query(INSERT, [orgId, digest, true, null]);
  return secret;
}

/** A key that is an admin of one workspace and has no org role. */
export async function workspaceAdminKey(
  client: pg.Client,
  { orgId, workspaceId }: KeyScope,
): Promise<string> {
  const { secret, digest } = await newKey('service');
  const { rows } = await client.query<{ id: string }>(INSERT, [orgId, digest, false, workspaceId]);
  await client.query(
    'insert into api_key_workspaces (api_key_id, workspace_id, org_id) values ($1, $2, $3)',
    [rows[0]!.id, workspaceId, orgId],
  );
  return secret;
}

/** The personal access token of an Organization User with one workspace. */
export async function personalToken(client: pg.Client, { orgId }: KeyScope): Promise<string> {
  const { secret, digest } = await newKey('pat');
  await client.query(INSERT_PERSONAL, [orgId, digest]);
  return secret;
}

const INSERT_PERSONAL = `
  insert into api_keys (id, kind, org_id, user_id, digest, short_key, description)
  select uuidv7(), 'pat', $1, m.user_id, $2, 'lsv2_pt_...', 'Benchmark'
  from org_memberships m join workspace_memberships w on w.user_id = m.user_id
  where m.org_id = $1 limit 1`;

/** An access token of an application, for the person who has a personal access token. */
export async function applicationToken(client: pg.Client): Promise<string> {
  const { artifactDigest } = await built<
    typeof import('../src/modules/oauth-server/core/artifacts.repository.js')
  >('modules/oauth-server/core/artifacts.repository');
  const token = `tnt_at_${randomBytes(32).toString('base64url')}`;
  await client.query(INSERT_ACCESS_TOKEN, [artifactDigest(SALT, 'AccessToken', token)]);
  return token;
}

const INSERT_ACCESS_TOKEN = `
  with granted as (
    insert into oauth_grants (id, org_id, user_id, client_id, client_name, scopes, sign_in_method, expires_at)
    select uuidv7(), org_id, user_id, 'langsmith-cli', 'Benchmark', '{}', 'password', now() + interval '1 day'
    from api_keys where kind = 'pat' limit 1
    returning id, client_id, expires_at
  )
  insert into oauth_artifacts (digest, kind, client_id, grant_id, content, expires_at)
  select $1, 'AccessToken', client_id, id, '{}', expires_at from granted`;

async function newKey(kind: 'service' | 'pat'): Promise<{ secret: string; digest: Buffer }> {
  const { newApiKey, secretDigest } = await built<
    typeof import('../src/common/secrets/credential-formats.js')
  >('common/secrets/credential-formats');
  const secret = newApiKey(kind);
  return { secret, digest: secretDigest(SALT, secret) };
}
