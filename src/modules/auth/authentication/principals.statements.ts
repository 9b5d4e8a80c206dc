import type { CallerRead, CallerSql } from '../../../common/access/caller-read.js';
import { named, type Statement } from '../../../database/transactions/sql.js';
import { ORG_ADMIN_ID } from '../../roles/index.js';
import { endOfSignIn, signInOf } from '../../sessions/index.js';
import { GROUP_ROLES } from '../../user-groups/index.js';
import { OLDEST_WORKSPACE } from '../../workspaces/index.js';

/** How the request names its context. Each case has its own statement and therefore its own query plan. */
export type OrgCase = 'named' | 'derived';
export type WorkspaceCase = 'none' | 'named' | 'derived';

/*
 * Aliases that the parts share: `c` the credential, `m` the org membership, `w` (id, role_id, ends_at) the workspace
 * and the user's role in it, `r` that role if it is a custom one (system roles are in the code), `g` the roles of user
 * groups. $1 is the credential; ids follow, that of the organization first. What has ended is missing in the views.
 */

const PERSON = `
  c.id as "credentialId", u.id as "userId", u.id as "madeByUserId", u.email,
  m.id as "membershipId", m.org_id as "orgId", o.is_disabled as "orgIsDisabled", o.sso_only as "orgIsSsoOnly",
  o.ip_allowlist as "orgIpAllowlist", m.is_disabled as "memberIsDisabled",
  m.role_id as "orgRoleId", w.id as "workspaceId", w.role_id as "workspaceRoleId",
  r.permissions as "customPermissions", g.role_ids as "groupRoleIds",
  g.custom_permissions as "groupCustomPermissions", null::uuid[] as "keyWorkspaceIds", null::timestamptz as "rightsEndAt"`;

const SIGN_IN = `${signInOf('c')} as "signIn"`;

const ROLES = ` left join roles r on r.id = w.role_id and r.org_id is not null ${GROUP_ROLES}`;
/** Without joins, of which PostgreSQL would prepare each for every request. */
const NO_WORKSPACE = `
  cross join (select null::uuid as id, null::uuid as role_id, null::timestamptz as ends_at) w
  cross join (select null::text[] as permissions) r
  cross join (select null::uuid[] as role_ids, null::text[] as custom_permissions, null::timestamptz as ends_at) g`;

/** A requested organization is found only if the user belongs to it. */
const MEMBERSHIP = {
  named: 'left join current_org_memberships m on m.user_id = c.user_id and m.org_id = $2',
  ofWorkspace: `
    left join current_org_memberships m
      on m.user_id = c.user_id and m.org_id = (select org_id from workspaces where id = $2)`,
  /** The oldest membership; a disabled one, or one of a disabled organization, only if there is no other. */
  derived: `
    left join lateral (
      select own.* from current_org_memberships own join organizations its on its.id = own.org_id
      where own.user_id = c.user_id
      order by own.is_disabled or its.is_disabled, own.created_at, own.id limit 1) m on true`,
};

/** A workspace of the organization, whether or not the user is a member of it. */
const workspaceNamed = (parameter: string) => `
  left join lateral (
    select v.id, p.role_id, p.access_expires_at as ends_at from workspaces v
    left join current_workspace_memberships p on p.workspace_id = v.id and p.user_id = c.user_id
    where v.id = ${parameter} and v.org_id = m.org_id) w on true`;

/** Preferred, if the user may see it. */
const DEFAULT_WORKSPACE = `
  select v.id, p.role_id, p.access_expires_at as ends_at, 0 as rank from workspaces v
  left join current_workspace_memberships p on p.workspace_id = v.id and p.user_id = c.user_id
  where v.id = c.default_workspace_id and v.org_id = m.org_id and (m.role_id = '${ORG_ADMIN_ID}' or p.id is not null)`;

const workspaceDerived = (candidates: string) =>
  `left join lateral (select id, role_id, ends_at from (${candidates}) candidates order by rank limit 1) w on true`;

/** By the current secret of a key, or until its end by the one before it (docs/contract/keys.md#rotating-keys-and-tokens). */
const HAS_VALID_SECRET = `
  (c.digest = $1 or c.previous_digest = $1 and c.previous_ends_at > now())
  and (c.expires_at is null or c.expires_at > now())`;

const IS_REPLACED = 'c.digest <> $1 as "secretIsReplaced"';
const END_OF_SECRET =
  'case when c.digest = $1 then c.expires_at else least(c.expires_at, c.previous_ends_at) end';

/** When the credential or one of the roles ends. A transaction, whose time stands still, may have waited until after it. */
const endsAt = (...ends: string[]) => `${cachedUntil(...ends)}, ${hasEnded(...ends)}`;
const cachedUntil = (...ends: string[]) =>
  `extract(epoch from least(${ends.join(', ')}))::float8 as "endsAt"`;
const hasEnded = (...ends: string[]) =>
  `coalesce(least(${ends.join(', ')}) <= clock_timestamp(), false) as "hasEnded"`;
const ENDS_OF_ROLES = ['m.access_expires_at', 'w.ends_at', 'g.ends_at'];

/** The same for a session, which remains valid elsewhere when the sign-in is too long ago for the organization. */
const endsOfSession = (...ends: string[]) => `
  ${cachedUntil(...ends, endOfSignIn('c'))}, ${hasEnded(...ends)}`;

/** What the route reads besides, in the organization of the request if that names one. */
type Reads = CallerRead | null;
const suffix = (reads: Reads) => (reads ? `_${reads.name}` : '');
const loaded = (reads: Reads, caller: CallerSql) => `${reads?.sql(caller) ?? 'null'} as loaded`;
const loadedOfSession = (reads: Reads, org: OrgCase) =>
  loaded(reads, { kind: 'session', orgId: org === 'named' ? '$2' : 'null', keyWorkspaceIds: 'null' });

/** A user by session. $1: session id. */
export function bySession(org: OrgCase, workspace: WorkspaceCase, reads: Reads = null): Statement {
  return named(`principal_by_session_org_${org}_workspace_${workspace}${suffix(reads)}`)`
    select 'session' as kind, ${PERSON}, c.method as "sessionMethod", ${SIGN_IN}, false as "secretIsReplaced",
      extract(epoch from now())::float8 as "readAt",
      ${endsOfSession('c.expires_at', ...ENDS_OF_ROLES)}, ${loadedOfSession(reads, org)}
      ${ofSession(org, workspace)}
    where c.id = $1 and c.expires_at > now()`;
}

/** A user by session cookie. $1: digest of the token. */
export function byCookie(org: OrgCase, workspace: WorkspaceCase, reads: Reads = null): Statement {
  return named(`principal_by_cookie_org_${org}_workspace_${workspace}${suffix(reads)}`)`
    select 'session' as kind, ${PERSON}, c.method as "sessionMethod", ${SIGN_IN}, false as "secretIsReplaced",
      c.confirmed_until > now() as "isConfirmed",
      coalesce(c.refresh_due_at <= now(), false) as "refreshIsDue",
      ${endsOfSession('c.expires_at', 'c.confirmed_until', 'c.refresh_due_at', ...ENDS_OF_ROLES)},
      ${loadedOfSession(reads, org)}
      ${ofSession(org, workspace)}
    where c.token_digest = $1 and c.expires_at > now()`;
}

function ofSession(org: OrgCase, workspace: WorkspaceCase): string {
  const membership = org === 'derived' && workspace === 'named' ? 'ofWorkspace' : org;
  const workspaces = {
    none: NO_WORKSPACE,
    named: workspaceNamed(org === 'named' ? '$3' : '$2') + ROLES,
    derived: workspaceDerived(OLDEST_WORKSPACE) + ROLES,
  };
  return `
      from sessions c
      join users u on u.id = c.user_id
      ${MEMBERSHIP[membership]}
      left join organizations o on o.id = m.org_id
      ${workspaces[workspace]}`;
}

/** Of a personal access token or grant `c`: its user, the current membership in its organization, and the workspace. */
function ofOwner(workspace: WorkspaceCase): string {
  const workspaces = {
    none: NO_WORKSPACE,
    named: workspaceNamed('$2') + ROLES,
    derived: workspaceDerived(`${DEFAULT_WORKSPACE} union all ${OLDEST_WORKSPACE}`) + ROLES,
  };
  return `
    join users u on u.id = c.user_id
    join current_org_memberships m on m.org_id = c.org_id and m.user_id = c.user_id and not m.is_disabled
    join organizations o on o.id = c.org_id
    ${workspaces[workspace]}`;
}

const ofPerson = (kind: 'personal-access-token' | 'application', org: OrgCase, reads: Reads) => `
  select '${kind}' as kind, ${PERSON}, null::text as "sessionMethod", null as "signIn",
    ${loaded(reads, { kind, orgId: org === 'named' ? 'c.org_id' : 'null', keyWorkspaceIds: 'null' })}`;

const nameOf = (credential: string, org: OrgCase, workspace: WorkspaceCase, reads: Reads) =>
  `principal_by_${credential}_workspace_${workspace}${reads ? `${suffix(reads)}_org_${org}` : ''}`;

/** A user by personal access token, with the current roles. $1: digest. */
export function byPersonalToken(org: OrgCase, workspace: WorkspaceCase, reads: Reads = null): Statement {
  return named(nameOf('token', org, workspace, reads))`${ofPerson('personal-access-token', org, reads)},
      ${IS_REPLACED}, ${endsAt(END_OF_SECRET, ...ENDS_OF_ROLES)}
    from api_keys c ${ofOwner(workspace)}
    where ${HAS_VALID_SECRET} and c.kind = 'pat' and c.revoked_at is null`;
}

/** A user by access token, with the current roles; the credential is the grant. $1: digest. */
export function byAccessToken(org: OrgCase, workspace: WorkspaceCase, reads: Reads = null): Statement {
  return named(nameOf('grant', org, workspace, reads))`${ofPerson('application', org, reads)},
      false as "secretIsReplaced", ${endsAt('t.expires_at', 'c.expires_at', ...ENDS_OF_ROLES)}
    from oauth_artifacts t
    join oauth_grants c on c.id = t.grant_id
    left join oauth_clients k on k.id = c.registered_client_id ${ofOwner(workspace)}
    where t.digest = $1 and t.expires_at > now() and c.expires_at > now()
      and k.is_disabled is not true`;
}

const KEY_WORKSPACE_IDS = `(case when not c.is_org_wide then
  array(select workspace_id from api_key_workspaces where api_key_id = c.id) end)`;
const SERVICE_KEY = { kind: 'service-key', orgId: 'c.org_id', keyWorkspaceIds: KEY_WORKSPACE_IDS } as const;

/** A service key. $1: digest. Its role is the same in all of its workspaces. */
export function byServiceKey(workspace: WorkspaceCase, reads: Reads = null): Statement {
  const workspaces = {
    none: 'cross join (select null::uuid as id) w',
    named: 'left join workspaces w on w.id = $2 and w.org_id = c.org_id',
    derived: `
      left join lateral (
        select v.id from api_key_workspaces a join workspaces v on v.id = a.workspace_id
        where a.api_key_id = c.id and not c.is_org_wide
        order by (v.id = c.default_workspace_id) desc, v.created_at, v.id limit 1) w on true`,
  };
  return named(`principal_by_service_key_workspace_${workspace}${suffix(reads)}`)`
    select 'service-key' as kind, c.id as "credentialId", null::uuid as "userId",
      c.created_by_user_id as "madeByUserId", null as email,
      null::text as "sessionMethod", null as "signIn", null::uuid as "membershipId", c.org_id as "orgId", o.is_disabled as "orgIsDisabled",
      o.sso_only as "orgIsSsoOnly", o.ip_allowlist as "orgIpAllowlist", false as "memberIsDisabled",
      c.org_role_id as "orgRoleId", w.id as "workspaceId", c.workspace_role_id as "workspaceRoleId",
      r.permissions as "customPermissions", null::uuid[] as "groupRoleIds",
      null::text[] as "groupCustomPermissions",
      ${KEY_WORKSPACE_IDS} as "keyWorkspaceIds",
      c.rights_end_at as "rightsEndAt",
      ${IS_REPLACED}, ${endsAt(END_OF_SECRET)}, ${loaded(reads, SERVICE_KEY)}
    from api_keys c
    join organizations o on o.id = c.org_id
    ${workspaces[workspace]}
    left join roles r on r.id = c.workspace_role_id and r.org_id is not null
    where ${HAS_VALID_SECRET} and c.kind = 'service'`;
}

const perContext = (statement: (org: OrgCase, workspace: WorkspaceCase) => Statement) => {
  const perWorkspaceCase = (org: OrgCase): Record<WorkspaceCase, Statement> => ({
    none: statement(org, 'none'),
    named: statement(org, 'named'),
    derived: statement(org, 'derived'),
  });
  return { named: perWorkspaceCase('named'), derived: perWorkspaceCase('derived') };
};

const create = (reads: Reads) => ({
  session: perContext((org, workspace) => bySession(org, workspace, reads)),
  cookie: perContext((org, workspace) => byCookie(org, workspace, reads)),
  pat: perContext((org, workspace) => byPersonalToken(org, workspace, reads)),
  application: perContext((org, workspace) => byAccessToken(org, workspace, reads)),
  service: perContext((_, workspace) => byServiceKey(workspace, reads)),
});

const created = new Map<Reads, ReturnType<typeof create>>();

/** By kind of credential and context. */
export function statementsWith(reads: Reads): ReturnType<typeof create> {
  const statements = created.get(reads) ?? create(reads);
  created.set(reads, statements);
  return statements;
}
