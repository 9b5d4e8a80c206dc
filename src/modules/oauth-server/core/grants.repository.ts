import { Injectable } from '@nestjs/common';
import { LastUsedJob, updateLastUsedAt } from '../../../database/jobs/last-used.job.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { newId } from '../../../database/statements/new-id.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import { meetsRequirement } from '../../sessions/index.js';
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

/** Whom an application acts for, and where. */
export type GrantPerson = {
  readonly id: string;
  readonly email: string;
  readonly fullName: string | null;
  readonly avatarUrl: string | null;
  readonly orgId: string;
  readonly orgName: string;
  readonly workspaceId: string | null;
};

/** As a person sees it. */
export type ListedGrant = Pick<
  OauthGrant,
  | 'id'
  | 'orgId'
  | 'clientId'
  | 'clientName'
  | 'clientUri'
  | 'logoUri'
  | 'scopes'
  | 'defaultWorkspaceId'
  | 'approvedAt'
  | 'lastUsedAt'
  | 'expiresAt'
> & { readonly orgName: string };

/** As admins see it. */
export type MemberGrant = Pick<
  OauthGrant,
  'id' | 'userId' | 'clientId' | 'clientName' | 'createdAt' | 'lastUsedAt' | 'expiresAt'
>;

type ApprovedBefore = Pick<OauthGrant, 'clientId' | 'clientName'> & {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
};

export type FoundGrant = Pick<OauthGrant, 'id' | 'userId' | 'clientId' | 'scopes'> & {
  readonly secondsLeft: number;
};

/** With the sign-in, as ID tokens tell of it. */
export type ApprovedGrant = Pick<OauthGrant, 'id' | 'userId' | 'acr' | 'amr'> & {
  readonly authTime: number | null;
};

export type EndedGrant = Pick<OauthGrant, 'id' | 'orgId' | 'userId' | 'clientId'>;

/** Not of an application that was disabled meanwhile. One row for each person, organization and application, so that the tokens of an earlier approval stay valid. */
const APPROVE = named('oauth_grants_approve')`
  insert into oauth_grants (id, org_id, user_id, client_id, registered_client_id, client_name, client_uri, logo_uri,
    redirect_uri, scopes, default_workspace_id, sign_in_method, acr, amr, authenticated_at, expires_at)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, s.method, s.acr, s.amr, s.authenticated_at,
    clock_timestamp() + make_interval(days => $13::int)
  from sessions s
  where s.id = $12 and ($5::uuid is null or exists (select from oauth_clients where id = $5 and not is_disabled))
  on conflict (org_id, user_id, client_id) do update set
    registered_client_id = excluded.registered_client_id, client_name = excluded.client_name,
    client_uri = excluded.client_uri, logo_uri = excluded.logo_uri, redirect_uri = excluded.redirect_uri,
    scopes = excluded.scopes, default_workspace_id = excluded.default_workspace_id,
    sign_in_method = excluded.sign_in_method, acr = excluded.acr, amr = excluded.amr,
    authenticated_at = excluded.authenticated_at, approved_at = clock_timestamp(), expires_at = excluded.expires_at
  returning id, user_id as "userId", acr, amr, extract(epoch from authenticated_at)::int as "authTime"`;

/** The person of a grant that is in effect: an active member whose sign-in meets, apart from its age, what the organization requires. */
const FIND_PERSON = named('oauth_grants_find_person')`
  select g.user_id as id, u.email, u.full_name as "fullName", u.avatar_url as "avatarUrl", g.org_id as "orgId",
    o.display_name as "orgName", g.default_workspace_id as "workspaceId"
  from oauth_grants g
  join users u on u.id = g.user_id
  join organizations o on o.id = g.org_id and not o.is_disabled
  join current_org_memberships m on m.org_id = g.org_id and m.user_id = g.user_id and not m.is_disabled
  where g.id = $1 and g.expires_at > clock_timestamp() and ${meetsRequirement(
    'g',
    { method: 'sign_in_method', at: 'g.approved_at' },
    { acr: 'o.required_acr', amr: 'o.required_amr', age: 'null::int' },
  )}`;

/** The last approval of the same application, by name, address and scopes. */
const FIND_APPROVED = named('oauth_grants_find_approved')`
  select g.org_id as "orgId", g.default_workspace_id as "defaultWorkspaceId" from oauth_grants g
  join current_org_memberships m on m.org_id = g.org_id and m.user_id = g.user_id and not m.is_disabled
  where g.user_id = $1 and g.client_id = $2 and g.client_name = $3 and g.redirect_uri = $4 and g.scopes @> $5
    and g.expires_at > clock_timestamp()
  order by g.approved_at desc limit 1`;

const LIST_OWN = named('oauth_grants_list_own')`
  select g.id, g.org_id as "orgId", o.display_name as "orgName", g.client_id as "clientId",
    g.client_name as "clientName", g.client_uri as "clientUri", g.logo_uri as "logoUri", g.scopes,
    g.default_workspace_id as "defaultWorkspaceId", g.approved_at as "approvedAt", g.last_used_at as "lastUsedAt",
    g.expires_at as "expiresAt"
  from oauth_grants g
  join organizations o on o.id = g.org_id
  join current_org_memberships m on m.org_id = g.org_id and m.user_id = g.user_id
  where g.user_id = $1 and ($2::uuid is null or g.org_id = $2) and g.expires_at > now()
  order by g.approved_at desc, g.id desc`;

const FIND_IN_ORG = named('oauth_grants_find_in_org')`
  select id, user_id as "userId", client_id as "clientId", client_name as "clientName", created_at as "createdAt",
    last_used_at as "lastUsedAt", expires_at as "expiresAt"
  from oauth_grants
  where org_id = $1 and ($2::uuid[] is null or id = any($2)) and ($3::uuid is null or user_id = $3) and expires_at > now()
  order by created_at desc, id desc`;

const FIND = named('oauth_grants_find')`
  select id, user_id as "userId", client_id as "clientId", scopes,
    extract(epoch from expires_at - clock_timestamp())::float8 as "secondsLeft"
  from oauth_grants where id = $1`;

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

  /** The grant, which may be an earlier one; null if the application was disabled meanwhile. */
  approve(approval: Approval): Promise<ApprovedGrant | null> {
    const { orgId, userId, clientId, registeredClientId, clientName, clientUri, logoUri } = approval;
    const { redirectUri, scopes, defaultWorkspaceId, sessionId, days } = approval;
    const client = [clientId, registeredClientId, clientName, clientUri, logoUri, redirectUri];
    const values = [newId(), orgId, userId, ...client, scopes, defaultWorkspaceId, sessionId, days];
    return this.sql.row(APPROVE, values);
  }

  /** Newest approval first; `orgId` null: of all organizations. */
  listOwn(userId: string, orgId: string | null): Promise<ListedGrant[]> {
    return this.sql.rows(LIST_OWN, [userId, orgId]);
  }

  /** Newest first; a null does not filter. */
  findInOrg(
    orgId: string,
    { ids, userId }: { ids: readonly string[] | null; userId: string | null },
  ): Promise<MemberGrant[]> {
    return this.sql.rows(FIND_IN_ORG, [orgId, ids, userId]);
  }

  find(id: string): Promise<FoundGrant | null> {
    return this.sql.row(FIND, [id]);
  }

  /** Null if the grant gives nothing at present. */
  findPerson(id: string): Promise<GrantPerson | null> {
    return this.sql.row(FIND_PERSON, [id]);
  }

  /** Null if the person has not approved this before. */
  findApproved(
    userId: string,
    { clientId, clientName, redirectUri, scopes }: ApprovedBefore,
  ): Promise<Pick<OauthGrant, 'orgId' | 'defaultWorkspaceId'> | null> {
    return this.sql.row(FIND_APPROVED, [userId, clientId, clientName, redirectUri, scopes]);
  }

  /** Ends the grants with their codes and tokens; returns those that had not ended before. */
  end(ids: readonly string[]): Promise<EndedGrant[]> {
    return this.sql.rows(END, [ids]);
  }
}
