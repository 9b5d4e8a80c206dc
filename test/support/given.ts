import { randomUUID } from 'node:crypto';
import { type SystemRoleName, systemRole } from '../../src/modules/rbac/system-roles.js';
import type { Api } from './api.js';
import { basicAuth } from './forged.js';
import { ADMIN, type TestApp } from './test-app.js';

export const role = (name: SystemRoleName): string => systemRole(name).id;

/** A signed-in person with a client. */
export type Person = { email: string; password: string; userId: string; api: Api };
export type Member = Person & { membershipId: string };
/** In the organization by name; in its workspace, if at all, by the name or id of a role. */
type Roles = { org?: SystemRoleName; workspace?: string };
type Account = { id: string; email: string; password: string };
export type OrgWithAdmin = { orgId: string; workspaceId: string; admin: Member };

/** The beginnings of tests, made through the API as a user would make them. */
export class Given {
  constructor(
    private readonly api: Api,
    private readonly sql: TestApp['sql'],
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
    return this.orgOf(ADMIN, await this.login(ADMIN.email, ADMIN.password));
  }

  /** A new organization, not the default one, with an admin who is in no other. */
  async orgWithAdmin(): Promise<OrgWithAdmin> {
    const founder = await this.account();
    const token = await this.login(founder.email, founder.password);
    await this.api.as({ token }).post('/api/v1/orgs', { display_name: 'Other', is_personal: false });
    return this.orgOf(founder, token);
  }

  /** A person who is active in the organization, with these roles; his client names organization and workspace. */
  async member(org: OrgWithAdmin, roles: Roles & { email?: string }): Promise<Member> {
    const { orgId, workspaceId } = org;
    const email = roles.email ?? this.email();
    const { id: userId, password } = await this.join(org, { email }, roles);
    const [membership] = await this.sql<{ id: string }>(
      'select id from org_memberships where org_id = $1 and user_id = $2',
      [orgId, userId],
    );
    const token = await this.login(email, password);
    const api = this.api.as({ token, orgId, workspaceId });
    return { email, password, userId, membershipId: membership!.id, api };
  }

  /** Makes somebody active in an organization; who has an account already keeps its password. */
  async join(org: OrgWithAdmin, { email }: Pick<Person, 'email'>, roles: Roles): Promise<Account> {
    const [account] = await this.joinAll(org, [email], roles);
    return account!;
  }

  /** A person with an account and a session, but in no organization. */
  async stranger(email?: string): Promise<Person> {
    const account = email === undefined ? await this.account() : (await this.accounts([email]))[0]!;
    const token = await this.login(account.email, account.password);
    return {
      email: account.email,
      password: account.password,
      userId: account.id,
      api: this.api.as({ token }),
    };
  }

  private async joinAll(
    { orgId, workspaceId, admin }: OrgWithAdmin,
    emails: readonly string[],
    { org = 'ORGANIZATION_USER', workspace }: Roles,
  ): Promise<Account[]> {
    const workspaceRole =
      workspace && (workspace.includes('-') ? workspace : role(workspace as SystemRoleName));
    const place = workspaceRole ? { workspace_ids: [workspaceId], workspace_role_id: workspaceRole } : {};
    const { status, body } = await admin.api.as({ orgId }).post(
      '/api/v1/orgs/current/members/basic/batch',
      emails.map((email) => ({ email, role_id: role(org), ...place })),
    );
    if (status !== 200) throw new Error(`adding ${emails.join()}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Of somebody who is in no organization. Hundreds of tests begin with one: a call makes several. */
  private async account(): Promise<Account> {
    while (this.spare.length === 0) await (this.refilling ??= this.refill());
    return this.spare.pop()!;
  }
  private readonly spare: Account[] = [];
  private refilling: Promise<void> | undefined;

  private async refill(): Promise<void> {
    const emails = Array.from({ length: 6 }, () => this.email());
    this.spare.push(...(await this.accounts(emails)));
    this.refilling = undefined;
  }

  private async accounts(emails: readonly string[]): Promise<Account[]> {
    this.home ??= this.defaultOrg();
    const accounts = await this.joinAll(await this.home, emails, {});
    await this.sql('delete from org_memberships where user_id = any($1)', [accounts.map(({ id }) => id)]);
    return accounts;
  }
  /** Where accounts are made; its admin signs in once. */
  private home: Promise<OrgWithAdmin> | undefined;

  /** The oldest organization and workspace of its admin, who is signed in with this token. */
  private async orgOf({ email, password }: typeof ADMIN, token: string): Promise<OrgWithAdmin> {
    const [found] = await this.sql<Record<'orgId' | 'workspaceId' | 'membershipId' | 'userId', string>>(
      PLACE_OF,
      [email],
    );
    const { orgId, workspaceId, membershipId, userId } = found!;
    const api = this.api.as({ token, orgId, workspaceId });
    return { orgId, workspaceId, admin: { email, password, userId, membershipId, api } };
  }
}

const PLACE_OF = `
  select m.org_id as "orgId", w.id as "workspaceId", m.id as "membershipId", m.user_id as "userId"
  from users u join org_memberships m on m.user_id = u.id join workspaces w on w.org_id = m.org_id
  where u.email = $1 order by m.created_at, m.id, w.created_at, w.id limit 1`;
