import { type Api, dataOf, type Schemas } from '@tenantry/client';
import type { Connection } from '../connection.js';
import { EXIT, Failure } from '../failures.js';
import { confirm, count, isInteractive, note, type Output, safe } from '../terminal.js';

const ACTIVE = '/api/v1/orgs/current/members/active';
const PENDING = '/api/v1/orgs/current/members/pending';
const MEMBER = '/api/v1/orgs/current/members/{identity_id}';

type Member = Schemas['OrgMemberIdentity'];
type Invited = Schemas['OrgPendingIdentity'];

/** @throws Failure unless there is exactly one member with this address */
async function memberOf(api: Api, email: string): Promise<Member | null> {
  const rows = await dataOf(api.GET(ACTIVE, { params: { query: { emails: [email] } } }));
  return rows[0] ?? null;
}

async function invitedOf(api: Api, email: string): Promise<Invited | null> {
  const rows = await dataOf(api.GET(PENDING, { params: { query: { emails: [email] } } }));
  return rows[0] ?? null;
}

type RemoveOptions = { yes?: boolean; revokeCreated?: boolean };

/** Removes a member, or revokes an invitation. */
export async function remove(
  { api }: Connection,
  output: Output,
  email: string,
  { yes = false, revokeCreated = false }: RemoveOptions,
): Promise<void> {
  const member = await memberOf(api, email);
  const found = member ?? (await invitedOf(api, email));
  if (!found) throw new Failure(`${email} is neither a member nor invited.`);
  const { display_name: organization } = await dataOf(api.GET('/api/v1/orgs/current'));
  const address = found.email ?? email;
  const name = found.full_name ? `${found.full_name} (${address})` : address;
  const question = member
    ? `Remove ${safe(name)} from ${safe(organization ?? '')}?`
    : `Revoke the invitation of ${safe(name)} to ${safe(organization ?? '')}?`;
  if (!yes && !isInteractive()) throw new Failure(`${question} Repeat with --yes.`, EXIT.usage);
  if (!yes && !(await confirm(question))) throw new Failure('Nothing was changed.');

  const params = { path: { identity_id: found.id }, query: { revoke_created: revokeCreated } };
  const removed = await dataOf(api.DELETE(MEMBER, { params }));
  if (output.isJson) return output.row(removed, {});
  note(member ? `${safe(name)} was removed.` : `The invitation of ${safe(name)} was revoked.`);
  const kept = createdIn(removed as Removed);
  if (member && !revokeCreated && kept.length > 0)
    note(`What they created still works: ${kept.join(', ')}. --revoke-created ends that with the member.`);
}

const CREATED = [
  ['created_service_keys', 'service key', 'service keys'],
  ['created_scim_tokens', 'SCIM token', 'SCIM tokens'],
  ['created_webhooks', 'webhook', 'webhooks'],
  ['created_log_streams', 'log stream', 'log streams'],
] as const;

type Removed = { readonly [Field in (typeof CREATED)[number][0]]?: readonly unknown[] };

const createdIn = (removed: Removed): string[] =>
  CREATED.flatMap(([field, one, many]) => {
    const number = removed[field]?.length ?? 0;
    return number === 0 ? [] : [count(number, one, many)];
  });

type Line = { place: string; role: string; because: string };

/** Which roles a member has, where, and why. */
export async function explain({ api }: Connection, output: Output, email: string): Promise<void> {
  const member = await memberOf(api, email);
  if (!member) throw new Failure(`${email} is not a member.`);
  const params = { path: { identity_id: member.id } };
  const access = await dataOf(api.GET('/api/v1/orgs/current/members/{identity_id}/access', { params }));
  if (output.isJson) return output.row(access, {});
  const state = access.is_disabled ? ' They are disabled: none of it counts at present.' : '';
  note(
    `${safe(access.email)} in the organization and in ${count(access.workspaces.length, 'workspace', 'workspaces')}.${state}`,
  );
  output.rows(
    linesOf(access),
    { where: ({ place }) => place, role: ({ role }) => role, because: (line) => line.because },
    '',
  );
}

const SOURCES: Readonly<Record<Schemas['MembershipSource'], string>> = {
  manual: 'added by a person',
  invitation: 'accepted an invitation',
  jit: 'joined at the first sign-in',
  sso_group: 'a group of the identity provider',
  scim: 'the identity provider (SCIM)',
  bootstrap: 'set up with the server',
};

function linesOf({ membership, workspaces, user_groups: groups }: Schemas['MemberAccess']): Line[] {
  const inOrganization: Line[] = [
    { place: 'organization', role: membership.role_name, because: becauseOf(membership) },
    ...groups.map((group) => ({
      place: 'organization',
      role: '',
      because: `in the group ${group.user_group_name}`,
    })),
  ];
  const inWorkspaces = workspaces.flatMap((workspace): Line[] => {
    const place = `workspace ${workspace.workspace_name}`;
    const own =
      workspace.reason === 'organization_admin'
        ? 'admins of the organization are admins of every workspace'
        : becauseOf(workspace.membership);
    return [
      { place, role: workspace.role_name, because: own },
      ...workspace.user_groups.map((group) => ({
        place,
        role: group.role_name,
        because: `the group ${group.user_group_name}`,
      })),
      ...workspace.access_policies.map((policy) => ({
        place,
        role: '',
        because: `the policy ${policy.access_policy_name} (${policy.effect})`,
      })),
    ];
  });
  return [...inOrganization, ...inWorkspaces];
}

function becauseOf(membership: Schemas['HeldMembership'] | null): string {
  if (!membership) return '';
  const by = membership.by?.email ? `, by ${membership.by.email}` : '';
  return `${SOURCES[membership.source]} on ${membership.created_at.slice(0, 10)}${by}`;
}
