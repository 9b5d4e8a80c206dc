import { randomUUID } from 'node:crypto';
import { POLICIES } from '../access-policies.js';
import type { Api, Reply } from '../api.js';
import type { Person } from '../fixtures.js';
import { ORG_MEMBERS } from '../invitations.js';
import { GROUP, Scim, userOf } from '../scim.js';
import { SSO_SETTINGS } from '../sso-settings.js';
import { attachTo, detachFrom, grantTo, GROUPS, regrant } from '../user-groups.js';
import { EVERYTHING, type Giver, type Held, type Ledger, ORG } from './ledger.js';
import { ADMIN, type Credential, IN_WORKSPACE, LEAD, nameOf, OPERATOR } from './world.js';
import { rankOf, type ScimRoles, USER, VIEWER, type World } from './world.js';

export const KEYS = '/api/v1/orgs/current/service-keys';
export const TOKENS = '/v1/platform/orgs/current/scim/tokens';
const [MANAGE_MEMBERS, MANAGE_KEYS] = ['workspaces:manage-members', 'workspaces:manage-keys'];
const MANAGE_GROUPS = 'organization:user-groups:manage';

/** Numbers that select what a step is about. */
export type Choice = Record<'caller' | 'person' | 'role' | 'place' | 'end' | 'other', number> & {
  name: string;
};

export type Turn = {
  readonly world: World;
  readonly ledger: Ledger;
  readonly by: Credential;
  /** The caller's client in the organization, and in the workspace. */
  readonly api: Api;
  readonly inPlace: Api;
  readonly person: Person;
  /** Of the person. */
  readonly email: string;
  readonly place: string;
  readonly group: string;
  readonly orgRole: string;
  readonly placeRole: string;
  /** Whether something ends, and as what it goes on. */
  readonly ends: boolean;
  readonly later: string | null;
  readonly other: number;
};
type Keep = (body: any) => unknown;
/** A request, what is remembered if it succeeds, and about what it is. */
type Attempt = readonly [request: Promise<Reply>, keep: Keep, ...says: string[]];
type Who = 'absent' | 'here' | 'member' | 'stranger' | 'anybody';
/** Null: there is nothing to do. */
type Run = (turn: Turn) => Attempt | null | Promise<Attempt | null>;
/** `needs`: of the caller; `who`: whom it can concern. */
type Step = { readonly weight: number; readonly needs: string; readonly who: Who; readonly run: Run };

const step = (weight: number, needs: string, who: Who, run: Run): Step => ({ weight, needs, who, run });
const byAdmin = (weight: number, run: Run) => step(weight, EVERYTHING, 'anybody', run);
const byMember = (weight: number, run: Run) => step(weight, 'organization:read', 'anybody', run);

const giverOf = ({ world, by }: Turn, place = ORG, needs = 'organization:manage'): Giver =>
  world.giver(by, [place, needs]);
const giverHere = (turn: Turn): Giver => giverOf(turn, turn.place, MANAGE_MEMBERS);
const forGood = (now: string, giver: Giver): Held => ({ now, after: now, giver });
const untilThen = ({ ends }: Pick<Turn, 'ends'>, now: string, giver: Giver): Held => ({
  ...forGood(now, giver),
  ...(ends && { after: null }),
});
/** Without an end that of the membership stays; that of a role which another one follows goes with the role. */
function changed({ ends, later, other }: Turn, former: Held | undefined, now: string, giver: Giver): Held {
  const stays = former && former.now !== former.after && (former.now === now || former.after === null);
  const then = stays ? former.after : null;
  if (ends) return { now, after: later ?? then, giver };
  return { now, after: stays && other % 2 === 0 ? then : now, giver };
}

const endOf = ({ world, ends }: Turn) => ends && { access_expires_at: world.until };
/** Takes the end away explicitly, every other time. */
const changedEnd = (turn: Turn) => ({
  ...(!turn.ends && turn.other % 2 > 0 && { access_expires_at: null }),
  ...endOf(turn),
  ...(turn.ends && turn.later && { reverts_to_role_id: turn.later }),
});

/** A request that gives somebody or a group a role in a place. */
function gives(
  { world, ledger }: Turn,
  place: [holder: string, place: string],
  held: Held,
  request: Promise<Reply>,
  keep: Keep = () => ledger.give(ledger.roles, place, held),
): Attempt {
  const { now, after } = held;
  const then = after ? world.titleOf(after) : 'nothing';
  return [request, keep, world.titleOf(now), after === now ? 'for good' : `until the instant, then ${then}`];
}

const policyOf = ({ ledger, other }: Turn): string =>
  [...ledger.policies.keys()][other % 2 === 0 ? (other % 4) >> 1 : 1]!;

/** Attaches or detaches. */
function attaches(
  { ledger, world }: Turn,
  to: [policy: string, target: string],
  giver: Giver,
  send: (isOn: boolean) => Promise<Reply>,
): Attempt {
  const isOn = !ledger.attached.has(to.join(' '));
  const says = [ledger.policies.get(to[0])!.effect, isOn ? 'to' : 'no more to', world.titleOf(to[1])];
  return [send(isOn), () => (isOn ? ledger.attach(...to, giver) : ledger.detach(...to, giver)), ...says];
}

/** Keeps a key or SCIM token by what it was made with. */
const madeBy =
  ({ world, by }: Turn, made: Pick<Credential, 'kind' | 'lasts' | 'place'>, person = by.person): Keep =>
  ({ id, key, token }) => {
    const name = `${made.kind} ${world.credentials.length} of ${by.name}`;
    const api = world.t.api.as({ key: key ?? token, orgId: world.org.orgId });
    const scim = made.kind === 'scim' ? { scim: new Scim(world.t.url, token) } : {};
    world.credentials.push({ name, person, api, id, ...made, ...scim });
  };

/** A password that the caller knows, of another person, who has rank beyond the instant. */
function keepPassword({ world, ledger, by, email }: Turn, giver: Giver, password: string): void {
  const rank = [EVERYTHING, 'organization:manage', MANAGE_MEMBERS, MANAGE_KEYS];
  const hasRank = (place: string) => rank.some((one) => ledger.giversOf(email, place, one).length > 0);
  if (giver.has(ORG, EVERYTHING)) world.stolen.delete(email);
  else if (email !== by.person && [ORG, ...world.workspaces].some(hasRank)) world.stolen.set(email, password);
}

/** Names of groups of the provider, and what they give; null: no workspace has the name. */
const SCIM_NAMES = [
  'Admins',
  'User:Alpha:Admin',
  'User:Beta:Viewer',
  'Operator:Beta:Viewer',
  'User:Gamma:Admin',
];
function scimGives({ names }: World, name: string): ScimRoles {
  if (name === 'Admins') return [[ORG, ADMIN]];
  const [org, workspace, title] = name.split(':');
  const [place] = [...names].find(([, own]) => own === workspace) ?? [];
  if (!place) return null;
  const inOrg = org === 'Operator' ? [[ORG, OPERATOR] as const] : [];
  return [[place, title === 'Admin' ? LEAD : VIEWER], ...inOrg];
}
function giveByScim({ ledger }: World, email: string, roles: ScimRoles, giver: Giver): void {
  if (roles === null) return;
  const member = ledger.roleOf(email, ORG);
  if (!member || member.now !== member.after) ledger.give(ledger.roles, [email, ORG], forGood(USER, giver));
  for (const [place, now] of roles) ledger.give(ledger.roles, [email, place], forGood(now, giver));
}

/** For a user whom SCIM knows; otherwise creates the user. */
const byScim = (weight: number, run: (turn: Turn, scim: Scim, id: string, giver: Giver) => Attempt): Step =>
  byMember(weight, (turn) => {
    const { world, ledger, email } = turn;
    const { scim } = turn.by;
    const [id, giver] = [world.scimUsers.get(email), giverOf(turn)];
    if (!scim || id) return scim && id ? run(turn, scim, id, giver) : null;
    const keep = (body: { id: string }) => {
      world.scimUsers.set(email, body.id);
      const isMember = !!ledger.roleOf(email, ORG);
      ledger.accept(email);
      const now = ledger.roleOf(email, ORG)?.now ?? USER;
      if (!isMember) ledger.give(ledger.roles, [email, ORG], forGood(now, giver)); // whatever end was offered
    };
    return [scim.post('/Users', userOf(email)), keep, 'as a new user'];
  });

const pathOf = async ({ world, person }: Turn, place: string | null) =>
  `${place ? IN_WORKSPACE : ORG_MEMBERS}/${await world.placeOf(person, place)}`;

export const STEPS: Readonly<Record<string, Step>> = {
  'change organization role': step(5, 'organization:manage', 'member', async (turn) => {
    const { ledger, email, orgRole: role_id } = turn;
    const held = changed(turn, ledger.roleOf(email, ORG), role_id, giverOf(turn));
    const request = turn.api.patch(await pathOf(turn, null), { role_id, ...changedEnd(turn) });
    return gives(turn, [email, ORG], held, request);
  }),
  'add to workspace': step(4, MANAGE_MEMBERS, 'absent', (turn) => {
    const { person, place, placeRole: role_id } = turn;
    const held = untilThen(turn, role_id, giverHere(turn));
    const body = { user_id: person.userId, role_id, ...endOf(turn) };
    return gives(turn, [turn.email, place], held, turn.inPlace.post(IN_WORKSPACE, body));
  }),
  'change workspace role': step(4, MANAGE_MEMBERS, 'here', async (turn) => {
    const { ledger, email, place, placeRole: role_id } = turn;
    const held = changed(turn, ledger.roleOf(email, place), role_id, giverHere(turn));
    const request = turn.inPlace.patch(await pathOf(turn, place), { role_id, ...changedEnd(turn) });
    return gives(turn, [email, place], held, request);
  }),
  'remove from workspace': step(3, MANAGE_MEMBERS, 'here', async (turn) => {
    const request = turn.inPlace.delete(await pathOf(turn, turn.place));
    return [request, () => turn.ledger.remove(turn.person.email, turn.place)];
  }),
  'remove from organization': step(3, 'organization:manage', 'here', async (turn) => {
    const { world, ledger, email } = turn;
    const keep = () => (ledger.remove(email), world.stolen.delete(email));
    return [turn.api.delete(await pathOf(turn, null)), keep];
  }),
  'invite to organization': step(5, 'organization:manage', 'stranger', (turn) => {
    const { ledger, email, place, orgRole: role_id, placeRole, other } = turn;
    const giver = giverOf(turn);
    const isMember = !!ledger.roleOf(email, ORG);
    const withPlace = other % 2 === 0 &&
      role_id !== ADMIN && { workspace_ids: [place], workspace_role_id: placeRole };
    const request = turn.api.post(ORG_MEMBERS, { email, role_id, ...withPlace, ...endOf(turn) });
    const held = untilThen(turn, role_id, giver);
    return gives(turn, [email, ORG], held, request, () => {
      if (!isMember) ledger.give(ledger.offers, [email, ORG], held);
      if (!withPlace || ledger.roleOf(email, place)) return;
      const inPlace = isMember ? untilThen(turn, placeRole, giver) : forGood(placeRole, giver); // as long as in the organization
      ledger.give(isMember ? ledger.roles : ledger.offers, [email, place], inPlace);
    });
  }),
  'invite to workspace': step(3, MANAGE_MEMBERS, 'stranger', (turn) => {
    const { ledger, email, place, placeRole: workspace_role_id } = turn;
    const map = ledger.roleOf(email, ORG) ? ledger.roles : ledger.offers;
    const [giver, former] = [giverHere(turn), map.get(`${email} ${place}`)];
    const held = untilThen({ ends: turn.ends || former?.after === null }, workspace_role_id, giver);
    const row = { email, workspace_ids: [place], workspace_role_id, ...endOf(turn) };
    return gives(turn, [email, place], held, turn.inPlace.post(`${IN_WORKSPACE}/batch`, [row]), () => {
      if (!map.has(`${email} ${ORG}`)) ledger.give(map, [email, ORG], forGood(USER, giver));
      if (!former || map === ledger.offers) ledger.give(map, [email, place], held); // members stay as they are
    });
  }),
  'change invitation': step(2, 'organization:manage', 'anybody', async (turn) => {
    const { world, ledger, other } = turn;
    const [name = '', offered] = [...ledger.offers][other % Math.max(ledger.offers.size, 1)] ?? [];
    const [email, place] = name.split(' ') as [string, string];
    const id = await world.invitationOf(email);
    if (!id || (place !== ORG && place !== turn.place)) return null;
    const inOrg = place === ORG;
    const role_id = inOrg ? turn.orgRole : turn.placeRole;
    const once = { ...turn, later: null };
    const held = changed(once, offered, role_id, inOrg ? giverOf(turn) : giverHere(turn));
    const path = `${inOrg ? ORG_MEMBERS : IN_WORKSPACE}/${id}/pending`;
    const request = (inOrg ? turn.api : turn.inPlace).patch(path, { role_id, ...changedEnd(once) });
    return gives(turn, [email, place], held, request, () => ledger.give(ledger.offers, [email, place], held));
  }),
  accept: byMember(3, async ({ world, ledger, other }) => {
    const invited = world.people.filter(({ email }) => ledger.offers.has(`${email} ${ORG}`));
    const person = invited[other % Math.max(invited.length, 1)];
    if (!person) return null;
    const request = (await world.signIn(person)).post(`/api/v1/orgs/pending/${world.org.orgId}/claim`);
    return [request, () => ledger.accept(person.email), `by ${nameOf(person.email)}`];
  }),
  'create key of the organization': step(2, EVERYTHING, 'anybody', (turn) => {
    const lasts = giverOf(turn).has(ORG, EVERYTHING);
    const request = turn.api.post(KEYS, { description: 'x', role_id: LEAD, org_role_id: ADMIN });
    return [request, madeBy(turn, { kind: 'key', lasts, place: ORG })];
  }),
  'create key of a workspace': step(2, MANAGE_KEYS, 'anybody', (turn) => {
    const { world, place, placeRole: role_id } = turn;
    const lasts = giverOf(turn, place, MANAGE_KEYS).has(place, MANAGE_KEYS);
    const client = turn.by.kind === 'key' ? turn.api : turn.inPlace;
    const request = client.post(KEYS, { description: 'x', role_id, workspaces: [place] });
    const keep = madeBy(turn, { kind: 'key', lasts, place: role_id === LEAD ? place : null });
    return [request, keep, world.titleOf(role_id)];
  }),
  'create SCIM token': byAdmin(2, (turn) => {
    const lasts = giverOf(turn).has(ORG, EVERYTHING);
    return [turn.api.post(TOKENS, {}), madeBy(turn, { kind: 'scim', lasts, place: ORG })];
  }),
  'rotate key': byAdmin(1, (turn) => {
    const key = turn.world.credentials.findLast(({ kind }) => kind === 'key');
    if (!key) return null;
    const lasts = key.lasts === true && giverOf(turn).has(ORG, EVERYTHING);
    const keep = madeBy(turn, { kind: 'key', lasts, place: ORG }, key.person);
    return [turn.api.post(`${KEYS}/${key.id}/rotate`, {}), keep, key.name];
  }),
  'create personal access token': byMember(1, ({ world, by, api }) => {
    const keep = ({ key }: { key: string }) =>
      world.credentials.push({
        ...by,
        name: `token of ${by.name}`,
        api: world.t.api.as({ key, orgId: world.org.orgId }),
      });
    return [api.post('/api/v1/api-key/current', { description: 'x' }), keep];
  }),
  'choose a password': step(1, 'organization:manage', 'member', async (turn) => {
    const [giver, password] = [giverOf(turn), `Correct-Horse-Battery-${turn.world.turn}`];
    const request = turn.api.patch(await pathOf(turn, null), { password });
    return [request, () => keepPassword(turn, giver, password)];
  }),
  'use a password link': step(1, 'organization:manage', 'member', async (turn) => {
    const [giver, password] = [giverOf(turn), `Correct-Horse-Battery-${turn.world.turn}`];
    const made = await turn.api.post(`${await pathOf(turn, null)}/password-link`, {});
    const use = () => turn.world.t.api.post('/api/v1/login/password', { token: made.body.token, password });
    const request = made.status < 300 ? use() : Promise.resolve(made);
    return [request, () => keepPassword(turn, giver, password)];
  }),
  'add to group': step(4, 'organization:manage', 'here', async (turn) => {
    const { world, ledger, group, person } = turn;
    const held = untilThen(turn, 'member', giverOf(turn, ORG, `${MANAGE_GROUPS}-members`));
    const body = { identity_ids: [await world.placeOf(person, null)], ...endOf(turn) };
    const request = turn.api.post(`${GROUPS}/${group}/members`, body);
    const keep: Keep = ({ items: [{ status }] }) =>
      status === 'CREATED' && ledger.give(ledger.inGroups, [person.email, group], held);
    return [request, keep, world.titleOf(group), turn.ends ? 'until the instant' : 'for good'];
  }),
  'grant to group': step(2, 'organization:manage', 'anybody', (turn) => {
    const { ledger, group, place, placeRole, api } = turn;
    const held = forGood(placeRole, giverOf(turn, ORG, `${MANAGE_GROUPS}-grants`));
    const send = ledger.roleOf(group, place) ? regrant : grantTo;
    return gives(turn, [group, place], held, send({ api }, group, place, placeRole));
  }),
  'change custom role': byAdmin(5, (turn) => {
    const { world, ledger, other } = turn;
    const permissions = [
      'workspaces:read',
      ...[[], ['runs:delete'], [MANAGE_MEMBERS], [MANAGE_KEYS]][other % 4]!,
    ];
    const id = world.custom[other % 8 === 0 ? 1 : 0]!; // mostly that without a policy
    const giver = giverOf(turn);
    const body = { display_name: world.titleOf(id), description: '', permissions };
    const request = turn.api.patch(`/api/v1/orgs/current/roles/${id}`, body);
    return [request, () => ledger.widen(id, permissions, giver), world.titleOf(id), ...permissions];
  }),
  'attach policy to role': byAdmin(5, (turn) => {
    const [policy, id] = [policyOf(turn), turn.world.custom[turn.other % 2]!];
    const path = `${POLICIES}/roles/${id}/access-policies`;
    return attaches(turn, [policy, id], giverOf(turn), (isOn) =>
      turn.api.send(isOn ? 'POST' : 'DELETE', path, { access_policy_ids: [policy] }),
    );
  }),
  'attach policy to group': byAdmin(3, (turn) => {
    const [policy, { group, api }] = [policyOf(turn), turn];
    const giver = giverOf(turn, ORG, `${MANAGE_GROUPS}-policies`);
    return attaches(turn, [policy, group], giver, (isOn) =>
      (isOn ? attachTo : detachFrom)({ api }, group, policy),
    );
  }),
  'change policy': byAdmin(1, (turn) => {
    const { world, ledger, other } = turn;
    const [id, giver] = [policyOf(turn), giverOf(turn)];
    const { effect: former, permission } = ledger.policies.get(id)!;
    const effect = other % 3 > 0 ? former : former === 'deny' ? 'allow' : 'deny';
    const body = { effect, condition_groups: rankOf(permission, `Team ${world.turn}`) };
    const request = turn.api.patch(`${POLICIES}/${id}`, body);
    return [request, () => ledger.changePolicy(id, effect, giver), former, 'to', effect, permission];
  }),
  'change default role': byAdmin(1, (turn) => {
    const { world, placeRole: default_workspace_role_id } = turn;
    const held = forGood(default_workspace_role_id, giverOf(turn));
    const request = turn.api.patch(`${SSO_SETTINGS}/${world.settings.id}`, { default_workspace_role_id });
    const keep = () => held.now !== world.default?.now && (world.default = held);
    return [request, keep, world.titleOf(held.now)];
  }),
  'switch roles by SCIM': byAdmin(1, (turn) => {
    const { world, other } = turn;
    const [giver, scim_roles_enabled] = [giverOf(turn), other % 3 > 0];
    const keep = () => {
      const isNew = scim_roles_enabled && !world.rolesByScim;
      world.rolesByScim = scim_roles_enabled ? (world.rolesByScim ?? giver) : null;
      if (isNew) for (const [email, now] of world.scimRoles) giveByScim(world, email, [[ORG, now]], giver);
    };
    const request = turn.api.patch('/api/v1/orgs/current/info', { scim_roles_enabled });
    return [request, keep, String(scim_roles_enabled)];
  }),
  'create workspace': step(1, 'organization:manage', 'anybody', (turn) => {
    const { ledger, by } = turn;
    const giver = { ...giverOf(turn), has: () => true }; // who creates one is its Admin
    const { now, after } = ledger.roleOf(by.person, ORG) ?? {};
    const held = untilThen({ ends: by.kind !== 'person' || now !== after }, LEAD, giver);
    const request = turn.api.post('/api/v1/workspaces', { display_name: `W ${randomUUID()}` });
    return [request, ({ id }) => ledger.give(ledger.roles, [by.person, id], held)];
  }),
  'rename workspace': byAdmin(2, (turn) => {
    const { world, place } = turn;
    const [giver, display_name] = [giverOf(turn), ['Alpha', 'Beta', 'Gamma'][turn.other % 3]!];
    const keep = () => {
      world.names.delete(place);
      if (!giver.has(ORG, EVERYTHING)) return; // then the name does not count
      world.names.set(place, display_name);
      for (const group of world.scimGroups.filter(({ gives: roles }) => roles === null)) {
        group.gives = scimGives(world, group.name);
        for (const email of group.members) giveByScim(world, email, group.gives, giver);
      }
    };
    return [turn.api.patch(`/api/v1/workspaces/${place}`, { display_name }), keep, display_name];
  }),
  'SCIM group': byScim(5, ({ world, email, other }, scim, value, giver) => {
    const name = SCIM_NAMES[other % SCIM_NAMES.length]!;
    const displayName = `${world.turn}:Organization ${name}`;
    const keep = ({ id }: { id: string }) => {
      world.scimGroups.push({ id, name, gives: scimGives(world, name), members: [email] });
      giveByScim(world, email, scimGives(world, name), giver);
    };
    return [scim.post('/Groups', { schemas: [GROUP], displayName, members: [{ value }] }), keep, name];
  }),
  'SCIM member': byScim(2, ({ world, email, other }, scim, value, giver) => {
    const group = world.scimGroups[other % Math.max(world.scimGroups.length, 1)];
    const operation = { op: 'add', path: 'members', value: [{ value }] };
    const keep = () => group && (group.members.push(email), giveByScim(world, email, group.gives, giver));
    return [scim.patch(`/Groups/${group?.id ?? randomUUID()}`, [operation]), keep, group?.name ?? ''];
  }),
  'SCIM roles': byScim(2, ({ world, email, other }, scim, id, giver) => {
    const now = [ADMIN, OPERATOR, USER][other % 3]!;
    const title = ['Admin', 'Operator', 'User'][other % 3]!;
    const operation = { op: 'replace', path: 'roles', value: [{ value: `Organization ${title}` }] };
    const keep = () => {
      world.scimRoles.set(email, now);
      if (world.rolesByScim) giveByScim(world, email, [[ORG, now]], giver);
    };
    return [scim.patch(`/Users/${id}`, [operation]), keep, title];
  }),
  'SCIM login': byScim(1, ({ world: { turn } }, scim, id) => {
    const operation = { op: 'replace', path: 'externalId', value: `subject ${turn}` };
    return [scim.patch(`/Users/${id}`, [operation]), () => {}];
  }),
};
