import { isDeepStrictEqual } from 'node:util';
import {
  AUDIT_OPERATIONS,
  INFO,
  succeeds,
  WORKSPACE_MEMBERS,
  WORKSPACES,
} from '../access-changes/access-change.js';
import type { Api, Reply } from '../api.js';
import { type Member, type OrgWithAdmin, role } from '../fixtures.js';
import { anotherWorkspace, customRole } from '../invitations.js';
import type { Replicas } from '../replicas.js';
import { Scim, scimOf, userOf } from '../scim.js';
import { userGroup } from '../user-groups.js';

const MEMBERS = 4;
/** Those that were made last are used. */
const CREDENTIALS = 10;

/** `owner`: null for service keys. `id`: that of a key, null for sessions. */
export type Credential = { api: Api; owner: Member | null; id: string | null };

/** The ids of what steps are about. */
type Targets = Record<'workspaces' | 'roles' | 'groups', readonly string[]>;
/** `users`: the ids of SCIM users by those of users. */
type ScimClient = { token: string; users: ReadonlyMap<string, string> };

/** An organization in which steps change who may do what. Its admin makes the changes and keeps their own rights. */
export class World {
  readonly credentials: Credential[];

  private constructor(
    readonly replicas: Replicas,
    readonly org: OrgWithAdmin,
    readonly members: readonly Member[],
    readonly targets: Targets,
    readonly scim: ScimClient,
  ) {
    this.credentials = members.map((owner) => ({ api: owner.api.as({ workspaceId: '' }), owner, id: null }));
  }

  static async create(replicas: Replicas): Promise<World> {
    const { fixtures } = replicas;
    const org = await fixtures.orgWithAdmin();
    const members: Member[] = [];
    while (members.length < MEMBERS)
      members.push(await fixtures.member(org, { workspace: 'WORKSPACE_USER' }));
    const workspaces = [org.workspaceId, await anotherWorkspace(org), await anotherWorkspace(org)];
    const roles = [
      role('WORKSPACE_VIEWER'),
      role('WORKSPACE_ADMIN'),
      await customRole(org, ['workspaces:read']),
      await customRole(org, ['runs:read']),
    ];
    const groups = [await userGroup(org), await userGroup(org)];
    const { token } = await scimOf(org.admin.api);
    const scim = new Scim(replicas.url, token);
    const users = new Map<string, string>();
    for (const { email, userId } of members.slice(0, 2))
      users.set(userId, (await succeeds(scim.post('/Users', userOf(email)), 201)).id);
    return new World(replicas, org, members, { workspaces, roles, groups }, { token, users });
  }

  /** The client with the newest session of the member, in the organization. */
  sessionOf({ userId, api }: Member): Api {
    const own = this.credentials.findLast(({ id, owner }) => id === null && owner?.userId === userId);
    return (own?.api ?? api).as({ orgId: this.org.orgId });
  }

  /** Keeps the key of a response, if it has one, for the comparisons that follow. */
  addKey(reply: Reply, owner: Member | null): Reply {
    const { id, key } = reply.body;
    if (reply.status === 200) this.add({ id, owner, api: this.replicas.api.as({ key }) });
    return reply;
  }

  /** Keeps the session of a response, if it has one, for the comparisons that follow. */
  addSession(reply: Reply, owner: Member): Reply {
    const token: string = reply.body.access_token;
    if (reply.status === 200) this.add({ id: null, owner, api: this.replicas.api.as({ token }) });
    return reply;
  }

  private add(credential: Credential): void {
    this.credentials.push(credential);
  }

  /**
   * What the replicas return for each credential, at all replicas at once; `turn` selects one of the routes that are limited
   * to a workspace or a role.
   * @throws Error with the responses, if two replicas respond differently
   */
  async expectAgreement(turn: number): Promise<number> {
    const { orgId } = this.org;
    const workspaceId = this.targets.workspaces[turn % this.targets.workspaces.length] ?? '';
    const reads = [
      { path: WORKSPACES, as: { orgId } },
      [
        { path: WORKSPACE_MEMBERS, as: { orgId, workspaceId } },
        { path: INFO, as: { orgId } },
        { path: AUDIT_OPERATIONS, as: { orgId } },
        { path: `${WORKSPACES}/${workspaceId}`, as: { orgId: '' } },
        { path: INFO, as: { orgId: '' } },
      ][turn % 5] ?? { path: INFO, as: {} },
    ];
    const compared = this.credentials
      .slice(-CREDENTIALS)
      .flatMap(({ api }) => reads.map(({ path, as }) => this.compare(api.as(as), path)));
    return (await Promise.all(compared)).length;
  }

  private async compare(api: Api, path: string): Promise<void> {
    const [expected, ...others] = await Promise.all(
      this.replicas.urls.map(async (url) => outcomeOf(await api.at(url).get(path))),
    );
    for (const [index, other] of others.entries())
      if (!isDeepStrictEqual(other, expected))
        throw new Error(
          `GET ${path}: ${this.replicas.url} returns ${JSON.stringify(expected)}, ` +
            `${this.replicas.urls[index + 1]} returns ${JSON.stringify(other)}`,
        );
  }
}

const outcomeOf = ({ status, body }: Reply) => ({ status, body: body as unknown });
