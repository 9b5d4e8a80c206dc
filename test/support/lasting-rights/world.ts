import { randomUUID } from 'node:crypto';
import { attach, POLICIES, policy } from '../access-policies.js';
import type { Api, Reply } from '../api.js';
import { type Member, type OrgWithAdmin, type Person, role } from '../fixtures.js';
import { anotherWorkspace, customRole, ORG_MEMBERS } from '../invitations.js';
import { Scim } from '../scim.js';
import { SSO_SETTINGS, ssoSettings } from '../sso-settings.js';
import type { TestApp } from '../test-app.js';
import { groupWith, GROUPS, userGroup } from '../user-groups.js';
import type { SystemRoleName } from '../../../src/modules/roles/system-roles.js';
import { EVERYTHING, type Giver, type Held, isRank, Ledger, ORG, type Policy } from './ledger.js';

export const IN_WORKSPACE = '/api/v1/workspaces/current/members';
const [ADMIN, OPERATOR, USER] = (
  ['ORGANIZATION_ADMIN', 'ORGANIZATION_OPERATOR', 'ORGANIZATION_USER'] as const
).map(role) as [string, string, string];
const [LEAD, VIEWER] = [role('WORKSPACE_ADMIN'), role('WORKSPACE_VIEWER')];
const DAYS = 5;

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

/** An organization whose callers may end, all at one instant. No request changes the founder. */
export class World {
  readonly ledger: Ledger;
  readonly until = new Date(Date.now() + DAYS * 86_400_000).toISOString();
  readonly people: Person[] = [];
  readonly credentials: Credential[] = [];
  workspaces: string[] = [];
  groups: string[] = [];
  /** Custom roles: one without rank, one with rank that a policy denies. */
  custom: string[] = [];
  policies: Policy[] = [];
  settings: { id: string } = { id: '' };
  /** The default role of sign-in, and who switched roles by SCIM on. */
  default: Held | null = null;
  rolesByScim: Giver | null = null;
  readonly scimUsers = new Map<string, string>();
  readonly scimGroups: { id: string; gives: readonly [place: string, role: string] }[] = [];
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
    const { org } = world;
    world.workspaces = [org.workspaceId, await anotherWorkspace(org)];
    for (const [n, id] of world.workspaces.entries())
      await t.sql('update workspaces set display_name = $2 where id = $1', [id, NAMES[n]]);
    await t.sql(
      `update organizations set workspace_admin_can_invite_to_org = true, max_identities = 1000 where id = $1`,
      [org.orgId],
    );
    const permission = 'workspaces:manage-members';
    world.custom = [
      await customRole(org, ['workspaces:read']),
      await customRole(org, ['workspaces:read', permission]),
    ];
    const rank = (name: string) => ({
      condition_groups: [{ permission: name, resource_type: 'workspace', conditions: [ANY_TEAM] }],
    });
    world.policies = [
      {
        id: await policy(org, rank('workspaces:manage-keys')),
        effect: 'allow',
        permission: 'workspaces:manage-keys',
      },
      { id: await policy(org, { effect: 'deny', ...rank(permission) }), effect: 'deny', permission },
    ];
    await attach(org.admin, world.custom[1]!, [world.policies[1]!.id]);
    const given = world.giver(world.founder);
    world.ledger.attached.set(`${world.policies[1]!.id} ${world.custom[1]}`, { isOn: true, giver: given });
    world.ledger.widen(world.custom[0]!, ['workspaces:read'], given);
    world.ledger.widen(world.custom[1]!, ['workspaces:read', permission], given);
    await world.invitePeople();
    world.settings = await ssoSettings(org);
    return world;
  }

  /** Three who end as Organization Admin, two as Admin of the first workspace, and five who stay; two have an account only. */
  private async invitePeople(): Promise<void> {
    const { org, custom, founder } = this;
    const [reader, manager] = custom as [string, string];
    const person = async (
      orgRole: string,
      place: string | null,
      end: Partial<Record<'org' | 'place', string | null>> = {},
    ) => {
      const names = { [ADMIN]: 'ORGANIZATION_ADMIN', [OPERATOR]: 'ORGANIZATION_OPERATOR' } as const;
      const member = await this.join(
        names[orgRole] ?? 'ORGANIZATION_USER',
        place ?? undefined,
        !end.org && end.place === undefined && orgRole !== USER,
      );
      this.addPerson(member);
      const ends = { access_expires_at: this.until };
      if (end.org !== undefined)
        await ok(
          this.inOrg(org.admin.api).patch(`${ORG_MEMBERS}/${member.membershipId}`, {
            ...ends,
            reverts_to_role_id: end.org,
          }),
        );
      if (end.place === null)
        await ok(
          org.admin.api.patch(`${IN_WORKSPACE}/${await this.placeOf(member, org.workspaceId)}`, {
            ...ends,
            role_id: place,
          }),
        );
      const giver = this.giver(founder);
      const held = (now: string, after: string | null | undefined): Held => ({
        now,
        after: after === undefined ? now : after,
        giver,
      });
      this.ledger.give(this.ledger.roles, [member.email, ORG], held(orgRole, end.org));
      if (place) this.ledger.give(this.ledger.roles, [member.email, org.workspaceId], held(place, end.place));
      return member;
    };
    await person(ADMIN, reader, { org: USER });
    await person(ADMIN, null, { org: null });
    await person(USER, LEAD, { place: null });
    const byGroup = await person(USER, VIEWER);
    const both = await person(ADMIN, VIEWER, { org: USER });
    await person(ADMIN, null);
    await person(OPERATOR, LEAD);
    await person(USER, manager);
    await person(USER, null);
    await person(USER, reader);
    for (const name of ['s0', 's1'])
      this.addPerson(await this.t.fixtures.userWithoutOrg(this.t.fixtures.email(name)));
    this.groups = [await groupWith(org, LEAD, both), await groupWith(org, VIEWER), await userGroup(org)];
    const [leads, viewers] = this.groups as [string, string];
    await ok(
      org.admin.api.post(`${GROUPS}/${leads}/members`, {
        identity_ids: [byGroup.membershipId],
        access_expires_at: this.until,
      }),
    );
    const giver = this.giver(founder);
    for (const [group, now] of [
      [leads, LEAD],
      [viewers, VIEWER],
    ] as const)
      this.ledger.give(this.ledger.roles, [group, org.workspaceId], { now, after: now, giver });
    this.ledger.give(this.ledger.inGroups, [both.email, leads], { now: 'member', after: 'member', giver });
    this.ledger.give(this.ledger.inGroups, [byGroup.email, leads], { now: 'member', after: null, giver });
  }

  /** A member whose address is verified, so that they can return; or whose password an admin may choose. */
  async join(org: SystemRoleName, workspace?: string, isAdded = false): Promise<Member> {
    if (isAdded)
      return this.t.fixtures.member(this.org, {
        email: this.t.fixtures.email(`p${this.people.length}`),
        org,
        ...(workspace && { workspace }),
      });
    const person = await this.t.fixtures.userWithoutOrg(this.t.fixtures.email(`p${this.people.length}`));
    await this.t.fixtures.addMember(this.org, person, { org, workspace });
    const { orgId, workspaceId } = this.org;
    const membershipId = await this.placeOf(person, null);
    return { ...person, membershipId, api: person.api.as({ orgId, workspaceId }) };
  }

  private addPerson(person: Person): void {
    this.people.push(person);
    this.credentials.push({
      name: nameOf(person.email),
      kind: 'person',
      person: person.email,
      api: person.api.as({ orgId: this.org.orgId }),
    });
  }

  get founder(): Credential {
    const { email, api } = this.org.admin;
    return { name: 'founder', kind: 'person', person: email, api };
  }

  inOrg = (api: Api): Api => api.as({ workspaceId: '' });

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
    const [row] = await this.t.sql<{ id: string }>(
      `select id from ${workspaceId ? 'workspace' : 'org'}_memberships where user_id = $1 and ${workspaceId ? 'workspace_id' : 'org_id'} = $2`,
      [userId, workspaceId ?? this.org.orgId],
    );
    return row?.id ?? randomUUID();
  }

  /** A new session, as removing somebody ends those before. */
  async signIn(person: Person): Promise<Api> {
    return (await this.t.fixtures.signIn(person)).as({ orgId: this.org.orgId });
  }

  /** All ends lie in the past, everybody accepts what is offered: what people have that no caller gave whose rights last. */
  async problemsAfterTheInstant(): Promise<string[]> {
    await this.moveTime();
    const found = await this.problemsOfRules();
    for (const person of this.people) {
      const api = await this.signIn(person);
      if ((await api.post(`/api/v1/orgs/pending/${this.org.orgId}/claim`)).status < 300)
        this.ledger.accept(person.email);
      const rows: { id: string; permissions: string[] }[] = [];
      const reply = await api.get('/api/v1/workspaces');
      if (reply.status === 200) rows.push(...reply.body);
      const [member] = await this.t.sql<{ role: string }>(
        'select role_id as role from current_org_memberships where org_id = $1 and user_id = $2',
        [this.org.orgId, person.userId],
      );
      if (!member) continue;
      const inOrg =
        member.role === ADMIN
          ? EVERYTHING
          : member.role === OPERATOR
            ? 'organization:manage'
            : 'organization:read';
      const held = [{ id: ORG, permissions: [inOrg] }, ...(member.role === ADMIN ? [] : rows)];
      const missing = held.flatMap(({ id, permissions }) =>
        permissions
          .filter((one) => !this.ledger.isGiven(person.email, id, one))
          .map((one) => `${one} in ${this.nameOfPlace(id)}`),
      );
      if (missing.length > 0)
        found.push(`${nameOf(person.email)} has ${missing.slice(0, 4).join(', ')} (${missing.length})`);
      const password = this.stolen.get(person.email);
      const hasRank = held.some(({ permissions }) => permissions.some(isRank));
      if (
        password &&
        hasRank &&
        (await this.t.api.post('/api/v1/login', { email: person.email, password })).status === 200
      )
        found.push(`somebody whose rights ended signs in as ${nameOf(person.email)}`);
    }
    for (const { kind, name, api, scim, lasts } of this.credentials) {
      if (kind === 'person' || lasts) continue;
      const { status } = scim
        ? await scim.get('/Users?count=1')
        : await this.inOrg(api).get('/api/v1/workspaces');
      if (status === 200) found.push(`${name} still works`);
    }
    return found;
  }

  /** Of policies, groups without members, the default of sign-in and settings. */
  private async problemsOfRules(): Promise<string[]> {
    const api = this.inOrg(this.org.admin.api);
    const { body: policies } = await ok(api.get(POLICIES));
    const rolesOf = new Map<string, string[]>(
      policies.access_policies.map((one: { id: string; role_ids: string[] }) => [one.id, one.role_ids]),
    );
    const found = [
      ...this.ledger.outlivingPolicies(
        this.policies,
        (id, roleId) => rolesOf.get(id)?.includes(roleId) ?? false,
      ),
    ];
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
    if (this.default?.now === now && !this.ledger.mayLast(this.default!, ORG))
      found.push('the default role of sign-in has rank');
    const { body: info } = await ok(api.get('/api/v1/orgs/current/info'));
    if (info.scim_roles_enabled && !this.rolesByScim?.has(ORG, EVERYTHING))
      found.push('roles by SCIM are on');
    return found;
  }

  private nameOfPlace = (id: string) =>
    id === ORG ? ORG : (NAMES[this.workspaces.indexOf(id)] ?? 'a new workspace');

  private async moveTime(): Promise<void> {
    const { orgId } = this.org;
    const back = (column: string) => `${column} = ${column} - interval '${DAYS + 1} days'`;
    for (const table of [
      'org_memberships',
      'workspace_memberships',
      'user_group_members',
      'user_groups',
      'invitations',
      'invitation_workspaces',
    ])
      await this.t.sql(
        `update ${table} set ${back('access_expires_at')} where org_id = $1 and access_expires_at is not null`,
        [orgId],
      );
    await this.t.sql(`update invitations set ${back('expires_at')} where org_id = $1`, [orgId]); // an offer ends with what it offers
    for (const table of ['api_keys', 'scim_tokens'])
      await this.t.sql(
        `update ${table} set ${back('expires_at')}, ${back('rights_end_at')} where org_id = $1`,
        [orgId],
      );
  }
}

const ANY_TEAM = {
  attribute_name: 'resource_tag_key',
  attribute_key: 'Team',
  operator: 'equals',
  attribute_value: 'A',
};
/** Of the workspaces. */
export const NAMES = ['Alpha', 'Beta'];
export const nameOf = (email: string): string => email.split('-')[0] ?? email;

export async function ok(request: Promise<Reply>): Promise<Reply> {
  const reply = await request;
  if (reply.status < 300) return reply;
  throw new Error(`${reply.status} ${JSON.stringify(reply.body)}`);
}
