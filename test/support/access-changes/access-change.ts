import type { Api, Reply } from '../api.js';
import type { Member, OrgWithAdmin } from '../fixtures.js';
import { grantOf } from '../grants.js';
import type { Replicas } from '../replicas.js';

/** A request that depends on the right in question. */
export type Use = {
  path: string;
  /** Whether the replica at `url` grants it. */
  isGrantedAt: (url: string) => Promise<boolean>;
};

/**
 * Credentials of new people, and one change of their rights by the replica at `url`. `endsAt`: when they end without one, in
 * milliseconds by the clock of this machine.
 */
export type AccessCase = {
  uses: readonly Use[];
  change: (url: string) => Promise<unknown>;
  endsAt?: number;
};

/** @param lifetimeMs of credentials that end by themselves */
export type PrepareAccessCase = (scene: Scene, lifetimeMs: number) => Promise<AccessCase>;
export type AccessChanges = Record<string, PrepareAccessCase>;

/** Replicas, and an organization for all cases. */
export type Scene = { replicas: Replicas; org: OrgWithAdmin };

export const INFO = '/api/v1/orgs/current/info';
export const WORKSPACES = '/api/v1/workspaces';
export const WORKSPACE_MEMBERS = '/api/v1/workspaces/current/members';
/** Requires `organization:manage`. */
export const AUDIT_OPERATIONS = '/api/v1/audit-logs/operations';
const TOKENS = '/api/v1/orgs/current/personal-access-tokens';

const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404]);

/** `holds` looks at the body of a response with status 200. */
export const using = (api: Api, path: string, holds: (body: any) => boolean = () => true): Use => ({
  path,
  isGrantedAt: async (url) => {
    const { status, body } = await api.at(url).get(path);
    if (status === 200) return holds(body);
    if (REFUSALS.has(status)) return false;
    throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
  },
});

/** The caller's list of workspaces has this one. */
export const seesWorkspace = (api: Api, workspaceId: string): Use =>
  using(api, WORKSPACES, (workspaces: { id: string }[]) => workspaces.some(({ id }) => id === workspaceId));

/** Returns the body of a response with this status, and throws otherwise. */
export async function succeeds(request: Promise<Reply>, expected = 200): Promise<any> {
  const { status, body } = await request;
  if (status === expected) return body;
  throw new Error(`expected ${expected}, got ${status} ${JSON.stringify(body)}`);
}

/** A new personal access token of the member, in the context of their client. */
export async function tokenOf({ api }: Pick<Member, 'api'>): Promise<{ id: string; key: string; api: Api }> {
  const { id, key } = await succeeds(api.as({ workspaceId: '' }).post(TOKENS, {}));
  return { id, key, api: api.as({ key, token: '' }) };
}

export const tokenPath = ({ id }: { id: string }) => `${TOKENS}/${id}`;

/** What one credential of a member of a workspace is used for. */
export const usesOf = (api: Api, workspaceId: string): Use[] => [
  using(api, INFO),
  using(api, WORKSPACE_MEMBERS),
  seesWorkspace(api, workspaceId),
];

/** By session, by token and by application. */
export async function usesOfMember({ replicas, org }: Scene, member: Member): Promise<Use[]> {
  const token = await tokenOf(member);
  const grant = await grantOf(replicas.sql, org, member);
  return [member.api, token.api, grant.api].flatMap((api) => usesOf(api, org.workspaceId));
}

/** A new member of the organization and of its workspace. */
export const workspaceMember = ({ replicas, org }: Scene, workspace = 'WORKSPACE_USER'): Promise<Member> =>
  replicas.fixtures.member(org, { workspace });

/** The id of the membership of the organization's workspace, which routes of workspace members take. */
export async function workspaceMembershipOf(
  { replicas, org }: Scene,
  { userId }: Pick<Member, 'userId'>,
): Promise<string> {
  const [row] = await replicas.sql<{ id: string }>(
    'select id from workspace_memberships where workspace_id = $1 and user_id = $2',
    [org.workspaceId, userId],
  );
  if (!row) throw new Error(`${userId} is not in the workspace`);
  return row.id;
}
