import { randomUUID } from 'node:crypto';
import { type SystemRoleName, systemRole } from '../../src/modules/rbac/system-roles.js';
import type { Api } from './api.js';
import { ADMIN, type TestApp } from './test-app.js';

export const role = (name: SystemRoleName): string => systemRole(name).id;

/** A signed-in person with his client. */
export type Person = {
  email: string;
  password: string;
  userId: string;
  membershipId: string;
  token: string;
  api: Api;
};
/** In the organization by name; in its workspace, if at all, by the name or id of a role. */
type Roles = { org?: SystemRoleName; workspace?: string };
export type OrgWithAdmin = { orgId: string; workspaceId: string; admin: Person };

/** The beginnings of tests, made through the API as a user would make them. */
export class Given {
  constructor(
    private readonly api: Api,
    private readonly sql: TestApp['sql'],
  ) {}

  email = (name = 'person') => `${name}-${randomUUID().slice(0, 8)}@example.com`;

  async login(email: string, password: string): Promise<string> {
    const basic = Buffer.from(`${email}:${password}`).toString('base64');
    const { status, body } = await this.api.post('/api/v1/login', undefined, {
      headers: { authorization: `Basic ${basic}` },
    });
    if (status !== 200) throw new Error(`login of ${email}: ${status}`);
    return body.access_token;
  }

  /** The bootstrapped organization, its first workspace and its admin. */
  async defaultOrg(): Promise<OrgWithAdmin> {
    return this.orgOf(ADMIN, await this.login(ADMIN.email, ADMIN.password));
  }

  /** A new organization, not the default one, with an admin who is in no other. */
  async orgWithAdmin(): Promise<OrgWithAdmin> {
    const home = await this.home();
    const founder = await this.member(home, {});
    await founder.api.post('/api/v1/orgs', { display_name: 'Other', is_personal: false });
    await this.remove(founder, home);
    return this.orgOf(founder, founder.token);
  }

  /** A person who is active in the organization, with these roles; his client names organization and workspace. */
  async member(org: OrgWithAdmin, roles: Roles & { email?: string }): Promise<Person> {
    const { orgId, workspaceId } = org;
    const email = roles.email ?? this.email();
    const { id: userId, password } = await this.join(org, { email }, roles);
    const [membership] = await this.sql<{ id: string }>(
      'select id from org_memberships where org_id = $1 and user_id = $2',
      [orgId, userId],
    );
    const token = await this.login(email, password);
    const api = this.api.as({ token, orgId, workspaceId });
    return { email, password, userId, membershipId: membership!.id, token, api };
  }

  /** Makes somebody active in an organization; who has an account already keeps its password. */
  async join(
    { orgId, workspaceId, admin }: OrgWithAdmin,
    { email }: Pick<Person, 'email'>,
    roles: Roles,
  ): Promise<{ id: string; password: string }> {
    const workspaceRole =
      roles.workspace &&
      (roles.workspace.includes('-') ? roles.workspace : role(roles.workspace as SystemRoleName));
    const { status, body } = await admin.api.as({ orgId }).post('/api/v1/orgs/current/members/basic/batch', [
      {
        email,
        role_id: role(roles.org ?? 'ORGANIZATION_USER'),
        ...(workspaceRole ? { workspace_ids: [workspaceId], workspace_role_id: workspaceRole } : {}),
      },
    ]);
    if (status !== 200) throw new Error(`adding ${email}: ${status} ${JSON.stringify(body)}`);
    return body[0];
  }

  /** A person with an account and a session, but in no organization. */
  async stranger(email = this.email('stranger')): Promise<Person> {
    const home = await this.home();
    const person = await this.member(home, { email });
    await this.remove(person, home);
    const token = await this.login(email, person.password);
    return { ...person, token, api: this.api.as({ token }) };
  }

  /** The default organization, for what is not about it. Its admin signs in once. */
  private home = (): Promise<OrgWithAdmin> => (this.knownHome ??= this.defaultOrg());
  private knownHome: Promise<OrgWithAdmin> | undefined;

  private async remove({ membershipId }: Person, { admin }: OrgWithAdmin): Promise<void> {
    const { status } = await admin.api.delete(`/api/v1/orgs/current/members/${membershipId}`);
    if (status !== 200) throw new Error(`removing ${membershipId}: ${status}`);
  }

  /** The oldest organization and workspace of its admin, who is signed in with this token. */
  private async orgOf({ email, password }: typeof ADMIN, token: string): Promise<OrgWithAdmin> {
    const [found] = await this.sql<Record<'orgId' | 'workspaceId' | 'membershipId' | 'userId', string>>(
      PLACE_OF,
      [email],
    );
    const { orgId, workspaceId, membershipId, userId } = found!;
    const api = this.api.as({ token, orgId, workspaceId });
    return { orgId, workspaceId, admin: { email, password, userId, membershipId, token, api } };
  }
}

const PLACE_OF = `
  select m.org_id as "orgId", w.id as "workspaceId", m.id as "membershipId", m.user_id as "userId"
  from users u join org_memberships m on m.user_id = u.id join workspaces w on w.org_id = m.org_id
  where u.email = $1 order by m.created_at, m.id, w.created_at, w.id limit 1`;
