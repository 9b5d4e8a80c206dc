import { randomBytes } from 'node:crypto';
import { newId } from '../../src/database/statements/new-id.js';
import { artifactDigest } from '../../src/modules/oauth-server/core/artifacts.repository.js';
import type { ArtifactKind } from '../../src/modules/oauth-server/core/entities.js';
import type { Api } from './api.js';
import type { Member, OrgWithAdmin } from './fixtures.js';
import { API_KEY_SALT, type TestApp } from './test-app.js';

/** The settings of a server that recognizes applications. */
export const WITH_APPLICATIONS = {
  AUTHORIZATION_SERVER_ENABLED: 'true',
  LANGSMITH_URL: 'http://127.0.0.1:3000',
};

type Sql = TestApp['sql'];
export type Grant = { id: string; clientId: string; token: string; api: Api };

const newToken = (prefix: string) => prefix + randomBytes(32).toString('base64url');

/** A grant of the member with an access token, in the context of the grant alone. */
export async function grantOf(
  sql: Sql,
  { orgId, workspaceId = null }: { orgId: string; workspaceId?: string | null },
  { userId, api }: Pick<Member, 'userId' | 'api'>,
  clientId = 'langsmith-cli',
): Promise<Grant> {
  const id = newId();
  await sql(
    `insert into oauth_grants (id, org_id, user_id, client_id, client_name, client_uri, scopes, default_workspace_id,
       sign_in_method, expires_at)
     values ($1, $2, $3, $4, $4 || ' (name)', 'https://client.example', '{openid}', $5, 'password', now() + interval '90 days')`,
    [id, orgId, userId, clientId, workspaceId],
  );
  const token = await artifactOf(sql, { id, clientId });
  return { id, clientId, token, api: api.as({ token, key: '', orgId: '', workspaceId: '' }) };
}

/** A new code or token of the grant. */
export async function artifactOf(
  sql: Sql,
  { id, clientId }: Pick<Grant, 'id' | 'clientId'>,
  kind: Exclude<ArtifactKind, 'DeviceCode'> = 'AccessToken',
): Promise<string> {
  const token = newToken('tnt_at_');
  await sql(
    `insert into oauth_artifacts (digest, kind, client_id, grant_id, content, expires_at)
     values ($1, $2, $3, $4, '{}', now() + interval '15 minutes')`,
    [artifactDigest(API_KEY_SALT, kind, token), kind, clientId, id],
  );
  return token;
}

/** A client of the organization to which the grant is given. */
export async function clientOf(sql: Sql, { orgId }: Pick<OrgWithAdmin, 'orgId'>, { id, clientId }: Grant) {
  const clientRow = newId();
  await sql(
    `insert into oauth_clients (id, client_id, org_id, client_name, grant_types, allowed_scopes)
     values ($1, $2, $3, $2, '{}', '{}')`,
    [clientRow, clientId, orgId],
  );
  await sql('update oauth_grants set registered_client_id = $2 where id = $1', [id, clientRow]);
  return clientRow;
}
