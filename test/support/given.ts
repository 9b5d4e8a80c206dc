import { randomUUID } from 'node:crypto';
import { type SystemRoleName, systemRole } from '../../src/modules/rbac/system-roles.js';
import type { Api } from './api.js';
import { ADMIN, type TestApp } from './test-app.js';

export const role = (name: SystemRoleName): string => systemRole(name).id;

/** A signed-in person with his client. */
export type Person = { email: string; password: string; userId: string; membershipId: string; api: Api };
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
    return this.orgOf(ADMIN.email, ADMIN.password);
  }

  /** A new organization, not the default one, with an admin who is in no other. */
  async orgWithAdmin(): Promise<OrgWithAdmin> {
    const { orgId, workspaceId, admin } = await this.defaultOrg();
    const founder = await this.member({ orgId, workspaceId, admin }, {});
    const { body } = await founder.api.post('/api/v1/orgs', { display_name: 'Other', is_personal: false });
    await admin.api.delete(`/api/v1/orgs/current/members/${founder.membershipId}`);
    const org = await this.orgOf(founder.email, founder.password);
    if (org.orgId !== body.id) throw new Error('the founder is in another organization still');
    return org;
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
    return {
      email,
      password,
      userId,
      membershipId: membership!.id,
      api: this.api.as({ token, orgId, workspaceId }),
    };
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
    const org = await this.defaultOrg();
    const person = await this.member(org, { email });
    await org.admin.api.delete(`/api/v1/orgs/current/members/${person.membershipId}`);
    const token = await this.login(email, person.password);
    return { ...person, api: this.api.as({ token }) };
  }

  private async orgOf(email: string, password: string): Promise<OrgWithAdmin> {
    const token = await this.login(email, password);
    const api = this.api.as({ token });
    const [org] = (await api.get('/api/v1/orgs?skip_create=true')).body;
    const [workspace] = (await api.as({ orgId: org.id }).get('/api/v1/workspaces')).body;
    const [me] = (
      await api
        .as({ orgId: org.id })
        .get(`/api/v1/orgs/current/members/active?emails=${encodeURIComponent(email)}`)
    ).body;
    const place = { orgId: org.id as string, workspaceId: workspace.id as string };
    return {
      ...place,
      admin: { email, password, userId: me.user_id, membershipId: me.id, api: api.as(place) },
    };
  }
}
