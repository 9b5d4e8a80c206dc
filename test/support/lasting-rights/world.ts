import { randomUUID } from 'node:crypto';
import { attach, policy, TEAM_A } from '../access-policies.js';
import type { Api, Reply } from '../api.js';
import { type Member, type OrgWithAdmin, type Person, role } from '../fixtures.js';
import { anotherWorkspace, customRole, ORG_MEMBERS, updateOrg } from '../invitations.js';
import { Scim } from '../scim.js';
import { SSO_SETTINGS, ssoSettings } from '../sso-settings.js';
import type { TestApp } from '../test-app.js';
import { groupWith, GROUPS, userGroup } from '../user-groups.js';
import { SYSTEM_ROLES, type SystemRoleName } from '../../../src/modules/roles/system-roles.js';
import { EVERYTHING, type Giver, type Held, isRank, Ledger, ORG } from './ledger.js';

export const IN_WORKSPACE = '/api/v1/workspaces/current/members';
export const [ADMIN, OPERATOR, USER] = (
  ['ORGANIZATION_ADMIN', 'ORGANIZATION_OPERATOR', 'ORGANIZATION_USER'] as const
).map(role) as [string, string, string];
export const [LEAD, EDITOR, VIEWER] = (
  ['WORKSPACE_ADMIN', 'WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const
).map(role) as [string, string, string];
const DAYS = 5;
const MANAGES = 'workspaces:manage-members';

/** `person`: who made it, at the root. `lasts`: of keys and SCIM tokens, whether they were made with rights that do not end. */
export type Credential = {
  readonly name: string;
  readonly kind: 'person' | 'key' | 'scim';
  readonly person: string;
  readonly api: Api;
  readonly scim?: Scim;
  readonly id?: string;
  readonly lasts?: boolean;
  /** Where a key has rank. */
  readonly place?: string | null;
};

export type ScimRoles = readonly (readonly [place: string, role: string])[] | null;
/** A group of the provider. `gives`: null while its name means nothing. */
type ScimGroup = {
  readonly id: string;
  readonly name: string;
  gives: ScimRoles;
  readonly members: string[];
};

/** The roles of a person in the organization and in the first workspace, and what follows at the instant (null: nothing). */
type Start = { org?: string; orgAfter?: string | null; place?: string; placeAfter?: null };
/** Five who end as Organization Admin, in the workspace or in a group, and five who stay. */
const startsOf = (reader: string, manager: string): Start[] => [
  { org: ADMIN, orgAfter: USER, place: reader },
  { org: ADMIN, orgAfter: null },
  { place: LEAD, placeAfter: null },
  { place: VIEWER }, // in the group of Admins until the instant
  { org: ADMIN, orgAfter: USER, place: VIEWER }, // in the group of Admins
  { org: ADMIN },
  { org: OPERATOR, place: LEAD },
  { place: manager },
  {},
  { place: reader },
];

/** An organization whose callers may end, all at one instant. No request changes the founder. */
export class World {
  readonly ledger: Ledger;
  readonly until = new Date(Date.now() + DAYS * 86_400_000).toISOString();
  readonly people: Person[] = [];
  readonly credentials: Credential[] = [];
  workspaces: string[] = [];
  /** The names by which groups of the provider find a workspace. */
  readonly names = new Map<string, string>();
  groups: string[] = [];
  /** Custom roles: one without rank, one with rank that a policy denies. */
  custom: string[] = [];
  settings: { id: string } = { id: '' };
  /** The default role of sign-in, and who switched roles by SCIM on. */
  default: Held | null = null;
  rolesByScim: Giver | null = null;
  readonly scimUsers = new Map<string, string>();
  /** By address: the role of the provider, which counts while roles by SCIM are on. */
  readonly scimRoles = new Map<string, string>();
  readonly scimGroups: ScimGroup[] = [];
  /** Passwords that somebody chose whose rights end, of people who have rank for longer. */
  readonly stolen = new Map<string, string>();
  turn = 1;

  private constructor(
    readonly t: TestApp,
    readonly org: OrgWithAdmin,
  ) {
    this.ledger = new Ledger({ at: 0, person: org.admin.email, has: () => true });
  }

  static async create(t: TestApp): Promise<World> {
    const world = new World(t, await t.fixtures.orgWithAdmin());
    const { org, ledger } = world;
    const giver = world.giver(world.founder);
    await updateOrg(org, { workspace_admin_can_invite_to_org: true });
    await t.sql('update organizations set max_identities = 1000 where id = $1', [org.orgId]);
    world.workspaces = [org.workspaceId, await anotherWorkspace(org)];
    for (const [n, id] of world.workspaces.entries()) {
      world.names.set(id, NAMES[n]!);
      await t.sql('update workspaces set display_name = $2 where id = $1', [id, NAMES[n]]);
    }
    for (const permissions of [['workspaces:read'] as const, ['workspaces:read', MANAGES] as const]) {
      const id = await customRole(org, [...permissions]);
      ledger.widen(id, permissions, giver);
      world.custom.push(id);
    }
    for (const [effect, permission] of [
      ['allow', 'workspaces:manage-keys'] as const,
      ['deny', MANAGES] as const,
    ]) {
      const id = await policy(org, { effect, condition_groups: rankOf(permission, 'A') });
      ledger.policies.set(id, { effect, permission, giver });
    }
    const [[denies = '', manager = '']] = [[[...ledger.policies.keys()][1], world.custom[1]]];
    await ok(attach(org.admin, manager, [denies]));
    ledger.attach(denies, manager, giver);
    for (const start of startsOf(world.custom[0]!, manager)) await world.addMember(start, giver);
    for (const name of ['s0', 's1']) world.addPerson(await t.fixtures.userWithoutOrg(t.fixtures.email(name)));
    await world.makeGroups(giver);
    world.settings = await ssoSettings(org);
    return world;
  }

  private async addMember({ org = USER, place, ...after }: Start, giver: Giver): Promise<void> {
    const { ledger, until: access_expires_at } = this;
    const { admin, workspaceId } = this.org;
    const { orgAfter = org, placeAfter = place ?? null } = after;
    const names = { [ADMIN]: 'ORGANIZATION_ADMIN', [OPERATOR]: 'ORGANIZATION_OPERATOR' } as const;
    const hasOwnPassword = org === USER || orgAfter === USER; // otherwise an admin may choose it
    const member = await this.join(names[org] ?? 'ORGANIZATION_USER', place, !hasOwnPassword);
    this.addPerson(member);
    if (orgAfter !== org) {
      const end = { access_expires_at, reverts_to_role_id: orgAfter };
      await ok(this.inOrg(admin.api).patch(`${ORG_MEMBERS}/${member.membershipId}`, end));
    }
    if (place && placeAfter === null) {
      const id = await this.placeOf(member, workspaceId);
      await ok(admin.api.patch(`${IN_WORKSPACE}/${id}`, { role_id: place, access_expires_at }));
    }
    ledger.give(ledger.roles, [member.email, ORG], { now: org, after: orgAfter, giver });
    if (place)
      ledger.give(ledger.roles, [member.email, workspaceId], { now: place, after: placeAfter, giver });
  }

  /** One of Admins, one of Viewers, and one without a role. */
  private async makeGroups(giver: Giver): Promise<void> {
    const { org, ledger, until: access_expires_at, people } = this;
    this.groups = [await groupWith(org, LEAD), await groupWith(org, VIEWER), await userGroup(org)];
    for (const [n, now] of [LEAD, VIEWER].entries())
      ledger.give(ledger.roles, [this.groups[n]!, org.workspaceId], { now, after: now, giver });
    for (const [n, after] of [
      [3, null],
      [4, 'member'],
    ] as const) {
      const identity_ids = [await this.placeOf(people[n]!, null)];
      const end = after === null ? { access_expires_at } : {};
      await ok(org.admin.api.post(`${GROUPS}/${this.groups[0]}/members`, { identity_ids, ...end }));
      ledger.give(ledger.inGroups, [people[n]!.email, this.groups[0]!], { now: 'member', after, giver });
    }
  }

  /** A member whose address is verified, so that they can return; or whose password an admin may choose. */
  async join(org: SystemRoleName, workspace?: string, isAdded = false): Promise<Member> {
    const email = this.t.fixtures.email(`p${this.people.length}`);
    const roles = { org, ...(workspace && { workspace }) };
    if (isAdded) return this.t.fixtures.member(this.org, { email, ...roles });
    const person = await this.t.fixtures.userWithoutOrg(email);
    await this.t.fixtures.addMember(this.org, person, roles);
    const { orgId, workspaceId } = this.org;
    const membershipId = await this.placeOf(person, null);
    return { ...person, membershipId, api: person.api.as({ orgId, workspaceId }) };
  }

  private addPerson(person: Person): void {
    const { email, api } = person;
    this.people.push(person);
    this.credentials.push({ name: nameOf(email), kind: 'person', person: email, api: this.inOrg(api) });
  }

  get founder(): Credential {
    const { email, api } = this.org.admin;
    return { name: 'founder', kind: 'person', person: email, api };
  }

  inOrg = (api: Api): Api => api.as({ orgId: this.org.orgId, workspaceId: '' });

  /** Of what the credential gives with a permission. */
  giver(
    { person, kind, lasts }: Credential,
    needs: readonly [place: string, permission: string] = [ORG, 'organization:manage'],
  ): Giver {
    const at = this.turn;
    if (kind !== 'person') return { at, person, has: () => lasts === true };
    if (person === this.org.admin.email) return { at, person, has: () => true };
    const lasting = this.ledger.lastingOf(person);
    return { at, person, has: (...what) => lasting(...needs) && lasting(...what) };
  }

  async placeOf({ userId }: Pick<Person, 'userId'>, workspaceId: string | null): Promise<string> {
    const kind = workspaceId ? 'workspace' : 'org';
    const [row] = await this.t.sql<{ id: string }>(
      `select id from ${kind}_memberships where user_id = $1 and ${kind}_id = $2`,
      [userId, workspaceId ?? this.org.orgId],
    );
    return row?.id ?? randomUUID();
  }

  /** A new session, as removing somebody ends those before. */
  signIn = async (person: Person): Promise<Api> => this.inOrg(await this.t.fixtures.signIn(person));

  /** All ends lie in the past, everybody accepts what is offered: what people have that no caller gave whose rights last. */
  async problemsAfterTheInstant(): Promise<string[]> {
    await this.moveTime();
    const found = await this.problemsOfRules();
    for (const person of this.people) found.push(...(await this.problemsOf(person)));
    found.push(...this.ledger.outlivingPolicies());
    for (const { kind, name, api, scim, lasts } of this.credentials) {
      if (kind === 'person' || lasts) continue;
      const reply = scim ? scim.get('/Users?count=1') : this.inOrg(api).get('/api/v1/workspaces');
      if ((await reply).status === 200) found.push(`${name} still works`);
    }
    return found;
  }

  private async problemsOf(person: Person): Promise<string[]> {
    const { email, userId } = person;
    const api = await this.signIn(person);
    const accepted = await api.post(`/api/v1/orgs/pending/${this.org.orgId}/claim`);
    if (accepted.status < 300) this.ledger.accept(email);
    const [member] = await this.t.sql<{ role: string }>(
      'select role_id as role from current_org_memberships where org_id = $1 and user_id = $2',
      [this.org.orgId, userId],
    );
    if (!member) return [];
    const inOrg = { [ADMIN]: EVERYTHING, [OPERATOR]: 'organization:manage' }[member.role];
    const { body: rows } = await ok(api.get('/api/v1/workspaces'));
    const places: { id: string; permissions: string[] }[] = member.role === ADMIN ? [] : rows;
    const held = [{ id: ORG, permissions: [inOrg ?? 'organization:read'] }, ...places].flatMap(
      ({ id, permissions }) => permissions.map((permission) => [id, permission] as const),
    );
    const missing = held.filter(([id, permission]) => !this.ledger.isGiven(email, id, permission));
    const said = missing.slice(0, 4).map(([id, permission]) => `${permission} in ${this.nameOfPlace(id)}`);
    const found = said.length > 0 ? [`${nameOf(email)} has ${said.join(', ')} (${missing.length})`] : [];
    const password = this.stolen.get(email);
    if (!password || !held.some(([, permission]) => isRank(permission))) return found;
    const { status } = await this.t.api.post('/api/v1/login', { email, password });
    return status === 200 ? [...found, `somebody whose rights ended signs in as ${nameOf(email)}`] : found;
  }

  /** Of groups without members, the default of sign-in and settings. */
  private async problemsOfRules(): Promise<string[]> {
    const found: string[] = [];
    const api = this.inOrg(this.org.admin.api);
    for (const group of this.groups) {
      const { body } = await ok(api.get(`${GROUPS}/${group}/workspaces`));
      for (const { workspace_id: place } of body.items) {
        const held = this.ledger.roleOf(group, place);
        if (!held || !this.ledger.mayLast(held, place))
          found.push(`a group has rank in ${this.nameOfPlace(place)}`);
      }
    }
    const { body: settings } = await ok(api.get(SSO_SETTINGS));
    const now = settings[0].default_workspace_role_id;
    if (this.default?.now === now && !this.ledger.mayLast(this.default!, this.org.workspaceId))
      found.push('the default role of sign-in has rank');
    const { body: info } = await ok(api.get('/api/v1/orgs/current/info'));
    if (info.scim_roles_enabled && !this.rolesByScim?.has(ORG, EVERYTHING))
      found.push('roles by SCIM are on');
    return found;
  }

  invitationOf = async (email: string): Promise<string | undefined> =>
    (
      await this.t.sql<{ id: string }>(
        `select id from invitations where org_id = $1 and email = $2 and status = 'pending'`,
        [this.org.orgId, email],
      )
    )[0]?.id;

  /** Of a role or a group. */
  titleOf = (id: string): string =>
    SYSTEM_ROLES.find((one) => one.id === id)?.name ??
    (this.custom.includes(id) ? `Role ${this.custom.indexOf(id)}` : `group ${this.groups.indexOf(id)}`);

  nameOfPlace = (id: string) =>
    id === ORG ? ORG : (NAMES[this.workspaces.indexOf(id)] ?? 'a new workspace');

  private async moveTime(): Promise<void> {
    for (const [table, columns] of Object.entries(ENDS)) {
      const moved = columns.map((column) => `${column} = ${column} - interval '${DAYS + 1} days'`);
      await this.t.sql(`update ${table} set ${moved.join(', ')} where org_id = $1`, [this.org.orgId]);
    }
  }
}

/** An offer ends with what it offers. */
const ENDS = {
  org_memberships: ['access_expires_at'],
  workspace_memberships: ['access_expires_at'],
  user_group_members: ['access_expires_at'],
  user_groups: ['access_expires_at'],
  invitations: ['access_expires_at', 'expires_at'],
  invitation_workspaces: ['access_expires_at'],
  api_keys: ['expires_at', 'rights_end_at'],
  scim_tokens: ['expires_at', 'rights_end_at'],
};

/** Of the workspaces. */
const NAMES = ['Alpha', 'Beta'];
export const nameOf = (email: string): string => email.split('-')[0] ?? email;

/** Conditions of a policy about rank. */
export const rankOf = (permission: string, team: string) => [
  {
    permission,
    resource_type: 'workspace',
    conditions: TEAM_A.conditions.map((condition) => ({ ...condition, attribute_value: team })),
  },
];

export async function ok(request: Promise<Reply>): Promise<Reply> {
  const reply = await request;
  if (reply.status < 300) return reply;
  throw new Error(`${reply.status} ${JSON.stringify(reply.body)}`);
}
