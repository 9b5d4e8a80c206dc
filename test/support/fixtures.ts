import { randomUUID } from 'node:crypto';
import { newId } from '../../src/database/statements/new-id.js';
import { type SystemRoleName, systemRole } from '../../src/modules/roles/system-roles.js';
import type { Api } from './api.js';
import { basicAuth, signedToken } from './forged-credentials.js';
import { oncePerWorker } from './once-per-worker.js';
import { ADMIN, type TestApp } from './test-app.js';

const { hash } = oncePerWorker('@node-rs/argon2') as typeof import('@node-rs/argon2');

export const role = (name: SystemRoleName): string => systemRole(name).id;

/** A signed-in user with a client. */
export type Person = { email: string; password: string; userId: string; api: Api };
export type Member = Person & { membershipId: string };
/** `org`: the name of a role; `workspace`: the name or id of a role, absent for no workspace membership. */
type Roles = { org?: SystemRoleName; workspace?: string };
export type OrgWithAdmin = { orgId: string; workspaceId: string; admin: Member };

/** The hashing parameters of the test servers. */
const COST = { memoryCost: 256, timeCost: 1, parallelism: 1 };

/**
 * Initial data of tests, inserted by SQL, which takes a sixth of the time of the API at a thousand calls per run.
 * `fixtures.e2e.ts` checks that the rows are the same.
 */
export class Fixtures {
  constructor(
    private readonly api: Api,
    private readonly sql: TestApp['sql'],
    private readonly jwtSecret: string,
  ) {}

  email = (name = 'person') => `${name}-${randomUUID().slice(0, 8)}@example.com`;

  async login(email: string, password: string): Promise<string> {
    const headers = basicAuth(email, password);
    const { status, body } = await this.api.post('/api/v1/login', undefined, { headers });
    if (status !== 200) throw new Error(`login of ${email}: ${status}`);
    return body.access_token;
  }

  /** The bootstrapped organization, its first workspace and its admin. */
  async defaultOrg(): Promise<OrgWithAdmin> {
    const sessionId = newId();
    const [found] = await this.sql<Pick<OrgWithAdmin, 'orgId' | 'workspaceId'> & Ids>(DEFAULT_ORG, [
      ADMIN.email,
      sessionId,
    ]);
    const { orgId, workspaceId, userId, membershipId } = found!;
    const api = this.clientOf(userId, sessionId).as({ orgId, workspaceId });
    return { orgId, workspaceId, admin: { ...ADMIN, userId, membershipId, api } };
  }

  /** A new organization, not the default one, with an admin who is in no other. */
  async orgWithAdmin(): Promise<OrgWithAdmin> {
    const [orgId, workspaceId] = [newId(), newId()];
    const roles = { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' } as const;
    const admin = await this.insertPerson(this.email(), { orgId, workspaceId, ...roles, isFounded: true });
    return { orgId, workspaceId, admin };
  }

  /** An active member of the organization with these roles, whose client names organization and workspace. */
  member(
    { orgId, workspaceId }: Pick<OrgWithAdmin, 'orgId' | 'workspaceId'>,
    { email = this.email(), org = 'ORGANIZATION_USER', workspace }: Roles & { email?: string },
  ): Promise<Member> {
    return this.insertPerson(email, { orgId, workspaceId, org, workspace });
  }

  /**
   * A user with an account and a session, but in no organization. Their address is verified, so that they can accept
   * invitations of any organization.
   */
  userWithoutOrg(email = this.email()): Promise<Person> {
    return this.insertPerson(email, {});
  }

  /**
   * Adds an active member to an organization by the API, or by SQL if there is an account, which the API leaves
   * unchanged.
   */
  async addMember(
    { orgId, workspaceId, admin }: OrgWithAdmin,
    { email }: Pick<Person, 'email'>,
    { org = 'ORGANIZATION_USER', workspace }: Roles,
  ): Promise<{ id: string; password: string }> {
    const joined = await this.joinWithAccount({ orgId, workspaceId }, email, { org, workspace });
    if (joined) return joined;
    const place = workspace && { workspace_ids: [workspaceId], workspace_role_id: roleCalled(workspace) };
    const { status, body } = await admin.api
      .as({ orgId })
      .post('/api/v1/orgs/current/members/basic/batch', [{ email, role_id: role(org), ...place }]);
    if (status !== 200) throw new Error(`adding ${email}: ${status} ${JSON.stringify(body)}`);
    return body[0];
  }

  private async joinWithAccount(
    { orgId, workspaceId }: Pick<OrgWithAdmin, 'orgId' | 'workspaceId'>,
    email: string,
    { org, workspace }: Roles & { org: SystemRoleName },
  ): Promise<{ id: string; password: string } | null> {
    const [joined] = await this.sql<{ id: string }>(JOIN, [
      ...[email, newId(), orgId, role(org)],
      ...[newId(), workspaceId, workspace && roleCalled(workspace)],
    ]);
    return joined ? { ...joined, password: '' } : null;
  }

  private async insertPerson(
    email: string,
    { orgId, workspaceId, org, workspace, isFounded }: Placement,
  ): Promise<Member> {
    const [userId, sessionId, membershipId] = [newId(), newId(), newId()];
    const password = `Horse-${randomUUID()}`;
    await this.sql(PERSON, [
      ...[userId, sessionId, email, await hash(password, COST), membershipId, orgId, org && role(org)],
      ...[workspaceId, workspace && roleCalled(workspace), isFounded ?? false, newId()],
    ]);
    const api = this.clientOf(userId, sessionId).as({ orgId, workspaceId });
    return { email, password, userId, membershipId, api };
  }

  /** A client with another session: those of before may have been ended. */
  async signIn({ userId }: Pick<Person, 'userId'>): Promise<Api> {
    const sessionId = newId();
    await this.sql(
      `insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')`,
      [sessionId, userId],
    );
    return this.clientOf(userId, sessionId);
  }

  private clientOf(userId: string, sessionId: string): Api {
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      sub: userId,
      sid: sessionId,
      iss: 'tenantry',
      aud: 'tenantry-api',
      iat,
      exp: iat + 86_400,
    };
    return this.api.as({ token: signedToken(claims, this.jwtSecret) });
  }
}

type Ids = Pick<Member, 'userId' | 'membershipId'>;
/** `isFounded`: the organization and its workspace are created, too. */
type Placement = Roles & { orgId?: string; workspaceId?: string; isFounded?: boolean };

const roleCalled = (nameOrId: string) =>
  nameOrId.includes('-') ? nameOrId : role(nameOrId as SystemRoleName);

/** An account with a session and, where roles are given, a membership of an organization and of its workspace. */
const PERSON = `
  with person as (insert into users (id, email) values ($1, $3)),
    method as (insert into login_methods (id, user_id, provider) values (gen_random_uuid(), $1, 'email')),
    password as (insert into passwords (user_id, digest, chosen_by, vouching_org_id, address_proved)
      values ($1, $4, case when $6::uuid is null then 'owner' else 'organization_admin' end, $6, $6::uuid is null)),
    session as (insert into sessions (id, user_id, expires_at) values ($2, $1, now() + interval '1 day')),
    org as (insert into organizations (id, display_name, created_by_user_id) select $6, 'Other', $1 where $10),
    workspace as (insert into workspaces (id, org_id, display_name) select $8, $6, 'Workspace 1' where $10),
    member as (insert into org_memberships (id, org_id, user_id, user_email, role_id, source, created_via)
      select $5, $6, $1, $3, $7, 'manual', case when $10 then 'organization_creation' else 'direct_add' end where $7::uuid is not null)
  insert into workspace_memberships (id, org_id, workspace_id, user_id, user_email, role_id, source, created_via)
  select $11, $6, $8, $1, $3, $9, 'manual', case when $10 then 'organization_creation' else 'direct_add' end where $9::uuid is not null`;

/** A membership for an existing account. A member keeps the membership and role they have. */
const JOIN = `
  with person as (select id from users where email = $1),
    member as (insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
      select $2, $3, id, $4, 'manual', 'direct_add' from person on conflict do nothing),
    place as (insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, source, created_via)
      select $5, $3, $6, id, $7, 'manual', 'direct_add' from person where $7::uuid is not null on conflict do nothing)
  select id from person`;

/** The oldest membership of the admin with this address, and a session of theirs. */
const DEFAULT_ORG = `
  with place as (
      select m.org_id as "orgId", w.id as "workspaceId", m.id as "membershipId", m.user_id as "userId"
      from users u join org_memberships m on m.user_id = u.id join workspaces w on w.org_id = m.org_id
      where u.email = $1 order by m.created_at, m.id, w.created_at, w.id limit 1),
    session as (insert into sessions (id, user_id, expires_at)
      select $2, "userId", now() + interval '1 day' from place)
  select * from place`;
