import { Api } from './api.js';

type Call = { body?: object; workspaceId?: string };
type Membership = { status: 'active' | 'pending'; id: string; roleId: string };

/** A request that the provider reports as an error; it takes 404 of a deletion for "gone already". */
export class ProviderError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The requests of LangSmith's Terraform provider, with the headers of its client: one API key, and `X-Tenant-Id` of the
 * resource or of the provider's configuration. It never names the organization.
 */
export class TerraformProvider {
  private readonly api: Api;

  constructor(
    url: string,
    key: string,
    private readonly workspaceId?: string,
  ) {
    this.api = new Api(url, { key });
  }

  get = (path: string, call: Call = {}) => this.send('GET', path, call);
  post = (path: string, body: object, call: Call = {}) => this.send('POST', path, { ...call, body });
  patch = (path: string, body: object, call: Call = {}) => this.send('PATCH', path, { ...call, body });

  /** True if it was there. */
  async delete(path: string, call: Call = {}): Promise<boolean> {
    try {
      await this.send('DELETE', path, call);
      return true;
    } catch (error) {
      if (error instanceof ProviderError && error.status === 404) return false;
      throw error;
    }
  }

  /** The id of a role, whose scope the provider checks before it assigns the role. */
  async assertRoleScope(roleId: string, scope: 'organization' | 'workspace'): Promise<void> {
    const roles: any[] = await this.get('api/v1/orgs/current/roles');
    const found = roles.find(({ id }) => id === roleId);
    if (found?.access_scope !== scope) throw new Error(`${roleId} is no role of the ${scope}`);
  }

  /** Both lists are read, and an active member who is not disabled comes first. */
  async findMembership(
    level: 'orgs' | 'workspaces',
    email: string,
    call: Call = {},
  ): Promise<Membership | null> {
    const query = `limit=100&emails=${encodeURIComponent(email)}&sort_by=created_at&sort_by_desc=true`;
    const active: any[] = await this.get(`api/v1/${level}/current/members/active?${query}`, call);
    const pending: any[] = await this.get(`api/v1/${level}/current/members/pending?${query}`, call);
    const member = active.find((one) => one.email.toLowerCase() === email && !one.is_disabled);
    if (member) return { status: 'active', id: member.id, roleId: member.role_id };
    const invite = pending.find((one) => one.email.toLowerCase() === email);
    return invite ? { status: 'pending', id: invite.id, roleId: invite.role_id || invite.org_role_id } : null;
  }

  /** Creates or changes: an active member gets the role, a pending one is invited again with it. */
  async ensureOrgMembership(email: string, roleId: string): Promise<Membership | null> {
    await this.assertRoleScope(roleId, 'organization');
    const found = await this.findMembership('orgs', email);
    if (found?.roleId === roleId) return found;
    if (found?.status === 'active')
      await this.patch(`api/v1/orgs/current/members/${found.id}`, { role_id: roleId });
    else {
      if (found) await this.delete(`api/v1/orgs/current/members/${found.id}/pending`);
      await this.post('api/v1/orgs/current/members', { email, role_id: roleId });
    }
    return this.findMembership('orgs', email);
  }

  async ensureWorkspaceMembership(
    email: string,
    roleId: string,
    workspaceId: string,
  ): Promise<Membership | null> {
    const call = { workspaceId };
    await this.assertRoleScope(roleId, 'workspace');
    const found = await this.findMembership('workspaces', email, call);
    if (found) await this.patch(`api/v1/workspaces/current/members/${found.id}`, { role_id: roleId }, call);
    else {
      const member = await this.findMembership('orgs', email);
      if (member?.status !== 'active') throw new Error(`${email} is no member of the organization`);
      const body = { org_identity_id: member.id, role_id: roleId };
      await this.post('api/v1/workspaces/current/members', body, call);
    }
    return this.findMembership('workspaces', email, call);
  }

  private async send(method: string, path: string, { body, workspaceId }: Call): Promise<any> {
    if (!path.startsWith('api/')) throw new Error(`${path} does not begin with api/`);
    const named = workspaceId ?? this.workspaceId;
    const api = named === undefined ? this.api : this.api.as({ workspaceId: named });
    const headers = { accept: 'application/json', 'user-agent': 'Langsmith/Go 0.2.0' };
    const reply = await api.send(method, `/${path}`, body, { headers });
    if (reply.status >= 400) throw new ProviderError(reply.status, JSON.stringify(reply.body));
    return reply.body;
  }
}

/** Every member is there, null included: the provider's plan has no unknown values after an apply. */
export function expectMembers(object: any, ...names: string[]): void {
  const missing = names.filter((name) => object?.[name] === undefined);
  if (missing.length > 0) throw new Error(`${missing.join(', ')} missing in ${JSON.stringify(object)}`);
}
