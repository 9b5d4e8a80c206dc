import { Injectable } from '@nestjs/common';
import { LastUsedJob, updateLastUsedAt } from '../../../database/jobs/last-used.job.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { newId } from '../../../database/statements/new-id.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import type { OauthGrant } from './entities.js';

/** What a person approves. The sign-in is that of the session `sessionId`. */
export type Approval = Pick<
  OauthGrant,
  | 'orgId'
  | 'userId'
  | 'clientId'
  | 'registeredClientId'
  | 'clientName'
  | 'clientUri'
  | 'logoUri'
  | 'redirectUri'
  | 'scopes'
  | 'defaultWorkspaceId'
> & { readonly sessionId: string; readonly days: number };

export type EndedGrant = Pick<OauthGrant, 'id' | 'orgId' | 'userId' | 'clientId'>;

/** One row for each person, organization and application, so that the tokens of an earlier approval stay valid. */
const APPROVE = named('oauth_grants_approve')`
  insert into oauth_grants (id, org_id, user_id, client_id, registered_client_id, client_name, client_uri, logo_uri,
    redirect_uri, scopes, default_workspace_id, sign_in_method, acr, amr, authenticated_at, expires_at)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, s.method, s.acr, s.amr, s.authenticated_at,
    clock_timestamp() + make_interval(days => $13::int)
  from sessions s where s.id = $12
  on conflict (org_id, user_id, client_id) do update set
    registered_client_id = excluded.registered_client_id, client_name = excluded.client_name,
    client_uri = excluded.client_uri, logo_uri = excluded.logo_uri, redirect_uri = excluded.redirect_uri,
    scopes = excluded.scopes, default_workspace_id = excluded.default_workspace_id,
    sign_in_method = excluded.sign_in_method, acr = excluded.acr, amr = excluded.amr,
    authenticated_at = excluded.authenticated_at, approved_at = clock_timestamp(), expires_at = excluded.expires_at
  returning id`;

const END = named('oauth_grants_end')`
  delete from oauth_grants where id = any($1)
  returning id, org_id as "orgId", user_id as "userId", client_id as "clientId"`;

@Injectable()
export class GrantsRepository {
  constructor(
    private readonly sql: Sql,
    lastUsed: LastUsedJob,
    removals: RemovalJob,
  ) {
    lastUsed.add('oauth_grants', updateLastUsedAt('oauth_grants'), 5000);
    removals.addSweep('expired grants', sweep('oauth_grants', { key: 'id' }));
  }

  /** The id of the grant, which may be an earlier one. */
  async approve(approval: Approval): Promise<string> {
    const { orgId, userId, clientId, registeredClientId, clientName, clientUri, logoUri } = approval;
    const { redirectUri, scopes, defaultWorkspaceId, sessionId, days } = approval;
    const client = [clientId, registeredClientId, clientName, clientUri, logoUri, redirectUri];
    const values = [newId(), orgId, userId, ...client, scopes, defaultWorkspaceId, sessionId, days];
    return (await this.sql.one<{ id: string }>(APPROVE, values)).id;
  }

  /** Ends the grants with their codes and tokens; returns those that had not ended before. */
  end(ids: readonly string[]): Promise<EndedGrant[]> {
    return this.sql.rows(END, [ids]);
  }
}
