import { randomUUID } from 'node:crypto';
import { POLICIES } from '../access-policies.js';
import type { Api, Reply } from '../api.js';
import { type Person, role } from '../fixtures.js';
import { ORG_MEMBERS } from '../invitations.js';
import { GROUP, Scim, userOf } from '../scim.js';
import { SSO_SETTINGS } from '../sso-settings.js';
import { grantTo, GROUPS, regrant } from '../user-groups.js';
import { EVERYTHING, type Giver, type Held, ORG } from './ledger.js';
import { type Credential, IN_WORKSPACE, nameOf, type World } from './world.js';

export const KEYS = '/api/v1/orgs/current/service-keys';
export const TOKENS = '/v1/platform/orgs/current/scim/tokens';
export const INFO = '/api/v1/orgs/current/info';
export const [ADMIN, OPERATOR, USER] = (
  ['ORGANIZATION_ADMIN', 'ORGANIZATION_OPERATOR', 'ORGANIZATION_USER'] as const
).map(role) as [string, string, string];
export const [LEAD, EDITOR, VIEWER] = (
  ['WORKSPACE_ADMIN', 'WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const
).map(role) as [string, string, string];

/** Numbers that select what a step is about. */
export type Choice = Record<'caller' | 'person' | 'role' | 'place' | 'end' | 'other', number> & {
  name: string;
};

export type Turn = {
  readonly world: World;
  readonly by: Credential;
  /** The caller's client in the organization, and in the workspace. */
  readonly api: Api;
  readonly inPlace: Api;
  readonly person: Person;
  readonly place: string;
  readonly group: string;
  readonly orgRole: string;
  readonly placeRole: string;
  /** Whether something ends, and as what it goes on. */
  readonly ends: boolean;
  readonly later: string | null;
  readonly other: number;
};
type Outcome = { readonly said: string; readonly status: number } | null;
/** `needs`: of the caller; `who`: whom it can concern. */
type Step = {
  readonly weight?: number;
  readonly needs?: string;
  readonly who?: 'absent' | 'here' | 'member' | 'stranger';
  readonly run: (turn: Turn) => Promise<Outcome>;
};

/** Sends a request and, if it succeeds, keeps what it gives. */
async function sends(
  said: string,
  request: Promise<Reply>,
  keep: (body: any) => void = () => {},
): Promise<Outcome> {
  const { status, body } = await request;
  if (status < 300) keep(body);
  return { said, status };
}

const inPlace = ({ place }: Turn, permission = 'workspaces:manage-members') => [place, permission] as const;
const giverOf = (turn: Turn, needs?: readonly [string, string]): Giver => turn.world.giver(turn.by, needs);
const heldAs = ({ ends, later }: Turn, now: string, giver: Giver): Held => ({
  now,
  after: ends ? later : now,
  giver,
});
const endOf = ({ world, ends, later }: Turn) =>
  ends ? { access_expires_at: world.until, ...(later && { reverts_to_role_id: later }) } : {};
/** Without an end that of the membership stays; that of a role which another one follows goes with the role. */
const changed = (turn: Turn, place: string, now: string, giver: Giver): Held => {
  const former = turn.world.ledger.roleOf(turn.person.email, place);
  const kept = former && former.now !== former.after && (former.now === now || former.after === null);
  if (turn.ends) return { now, after: turn.later ?? (kept ? former.after : null), giver };
  return { now, after: kept && turn.other % 2 === 0 ? former.after : now, giver };
};
/** Takes the end away explicitly, every other time. */
const endOrNone = (turn: Turn) =>
  turn.ends ? endOf(turn) : turn.other % 2 > 0 ? { access_expires_at: null } : {};

const customOf = ({ world, other }: Turn) => world.custom[other % 2]!;
const policyOf = ({ world, other }: Turn) => world.policies[other % 2 === 0 ? (other % 4) >> 1 : 1]!;

function madeCredential(
  turn: Turn,
  kind: 'key' | 'scim',
  id: string,
  secret: string,
  lasts: boolean,
  reach: string | null = ORG,
): void {
  const { world, by } = turn;
  const name = `${kind} ${world.credentials.length} of ${by.name}`;
  const { orgId } = world.org;
  const api = world.t.api.as({ key: secret, orgId });
  const scim = kind === 'scim' ? { scim: new Scim(world.t.url, secret) } : {};
  world.credentials.push({ name, kind, person: by.person, api, id, lasts, place: reach, ...scim });
}

/** Whoever has rank beyond the instant and is another person. */
const isWorthStealing = ({ world, by, person }: Turn): boolean =>
  person.email !== by.person &&
  [ORG, ...world.workspaces].some((place) =>
    [EVERYTHING, 'organization:manage', 'workspaces:manage-members', 'workspaces:manage-keys'].some(
      (one) => world.ledger.giversOf(person.email, place, one).length > 0,
    ),
  );
const PASSWORD = 'Correct-Horse-Battery';
const keepPassword = (turn: Turn, giver: Giver, isWorth: boolean, password: string): void => {
  const { stolen } = turn.world;
  if (giver.has(ORG, EVERYTHING)) stolen.delete(turn.person.email);
  else if (isWorth) stolen.set(turn.person.email, password);
};

/** What groups of the provider with these names give. */
const scimNames = ({ place, world }: Turn): readonly { name: string; gives: readonly [string, string] }[] => {
  const workspace = ['Alpha', 'Beta'][world.workspaces.indexOf(place)];
  return [
    { name: 'Organization Admins', gives: [ORG, ADMIN] },
    { name: `Organization User:${workspace}:Admin`, gives: [place, LEAD] },
    { name: `Organization Operator:${workspace}:Viewer`, gives: [place, VIEWER] },
    { name: `Organization User:${workspace}:Viewer`, gives: [place, VIEWER] },
  ];
};
function giveByScim(turn: Turn, email: string, gives: readonly [string, string][], giver: Giver): void {
  const { ledger } = turn.world;
  const member = ledger.roleOf(email, ORG);
  if (!member || member.now !== member.after)
    ledger.give(ledger.roles, [email, ORG], { now: USER, after: USER, giver });
  for (const [place, now] of gives) ledger.give(ledger.roles, [email, place], { now, after: now, giver });
}
const withScim = async (turn: Turn, run: (scim: Scim, id: string) => Promise<Outcome>): Promise<Outcome> => {
  const { world, by, person } = turn;
  const id = world.scimUsers.get(person.email);
  if (!by.scim) return null;
  if (id) return run(by.scim, id);
  const giver = giverOf(turn);
  return sends(
    `SCIM: create ${nameOf(person.email)}`,
    by.scim.post('/Users', userOf(person.email)),
    (body) => {
      world.scimUsers.set(person.email, body.id);
      world.ledger.accept(person.email);
      if (!world.ledger.roleOf(person.email, ORG)) giveByScim(turn, person.email, [], giver);
    },
  );
};

const onMember = async (turn: Turn, place: string | null) =>
  `${place ? IN_WORKSPACE : ORG_MEMBERS}/${await turn.world.placeOf(turn.person, place)}`;

export const STEPS: Readonly<Record<string, Step>> = {
  'change organization role': {
    needs: 'organization:manage',
    who: 'member',
    weight: 5,
    run: async (turn) => {
      const { world, person, api, orgRole } = turn;
      const held = changed(turn, ORG, orgRole, giverOf(turn));
      const body = { role_id: orgRole, ...endOrNone(turn) };
      return sends(
        `${nameOf(person.email)} becomes ${titleOf(turn, orgRole)} ${said(turn)}`,
        api.patch(await onMember(turn, null), body),
        () => world.ledger.give(world.ledger.roles, [person.email, ORG], held),
      );
    },
  },
  'add to workspace': {
    needs: 'workspaces:manage-members',
    who: 'absent',
    weight: 4,
    run: (turn) => {
      const { world, person, place, placeRole } = turn;
      const held = heldAs({ ...turn, later: null }, placeRole, giverOf(turn, inPlace(turn)));
      const body = { user_id: person.userId, role_id: placeRole, ...endOf({ ...turn, later: null }) };
      return sends(
        `add ${nameOf(person.email)} as ${titleOf(turn, placeRole)} ${said(turn)}`,
        turn.inPlace.post(IN_WORKSPACE, body),
        () => world.ledger.give(world.ledger.roles, [person.email, place], held),
      );
    },
  },
  'change workspace role': {
    needs: 'workspaces:manage-members',
    who: 'here',
    weight: 4,
    run: async (turn) => {
      const { world, person, place, placeRole } = turn;
      const held = changed(turn, place, placeRole, giverOf(turn, inPlace(turn)));
      const body = { role_id: placeRole, ...endOrNone(turn) };
      return sends(
        `${nameOf(person.email)} becomes ${titleOf(turn, placeRole)} ${said(turn)}`,
        turn.inPlace.patch(await onMember(turn, place), body),
        () => world.ledger.give(world.ledger.roles, [person.email, place], held),
      );
    },
  },
  'leave or remove': {
    needs: 'workspaces:manage-members',
    who: 'here',
    weight: 5,
    run: async (turn) => {
      const { world, person, place, other } = turn;
      const ofOrg = other % 2 === 0;
      return sends(
        `remove ${nameOf(person.email)} from ${ofOrg ? 'the organization' : 'the workspace'}`,
        (ofOrg ? turn.api : turn.inPlace).delete(await onMember(turn, ofOrg ? null : place)),
        () => {
          world.ledger.remove(person.email, ofOrg ? '' : place);
          if (ofOrg) world.stolen.delete(person.email);
        },
      );
    },
  },
  invite: {
    needs: 'organization:manage',
    who: 'stranger',
    weight: 7,
    run: (turn) => {
      const { world, person, place, placeRole, orgRole, other } = turn;
      const withPlace = other % 2 === 0 && orgRole !== ADMIN;
      const ofPlace = withPlace && other % 4 === 0;
      const giver = giverOf(turn, ofPlace ? inPlace(turn) : undefined);
      const end = turn.ends ? { access_expires_at: world.until } : {};
      const where = withPlace ? { workspace_ids: [place], workspace_role_id: placeRole } : {};
      const row = { email: person.email, ...(ofPlace ? {} : { role_id: orgRole }), ...where, ...end };
      const inOrg = { ...turn, later: null };
      return sends(
        `invite ${nameOf(person.email)} as ${ofPlace ? '' : titleOf(turn, orgRole)} ${withPlace ? titleOf(turn, placeRole) : ''} ${said(turn)}`,
        ofPlace ? turn.inPlace.post(`${IN_WORKSPACE}/batch`, [row]) : turn.api.post(ORG_MEMBERS, row),
        () => {
          const isMember = !!world.ledger.roleOf(person.email, ORG);
          const offered = world.ledger.offers.get(person.email);
          const keep = (at: string, held: Held) => {
            if (world.ledger.roleOf(person.email, at) || offered?.has(at)) return; // stays as it is
            if (isMember) world.ledger.give(world.ledger.roles, [person.email, at], held);
            else world.ledger.offer(person.email, at, held);
          };
          keep(ORG, ofPlace ? { now: USER, after: USER, giver } : heldAs(inOrg, orgRole, giver));
          if (withPlace) keep(place, heldAs(inOrg, placeRole, giver));
        },
      );
    },
  },
  accept: {
    weight: 3,
    run: async ({ world, other }) => {
      const invited = world.people.filter(({ email }) => world.ledger.offers.has(email));
      const person = invited[other % Math.max(invited.length, 1)];
      if (!person) return null;
      const api = await world.signIn(person);
      return sends(
        `${nameOf(person.email)} accepts`,
        api.post(`/api/v1/orgs/pending/${world.org.orgId}/claim`),
        () => world.ledger.accept(person.email),
      );
    },
  },
  'create key': {
    needs: 'workspaces:manage-keys',
    weight: 4,
    run: (turn) => {
      const { place, other, placeRole } = turn;
      const ofOrg = other % 2 === 0 && turn.by.kind !== 'key';
      const reach = ofOrg
        ? { role_id: LEAD, org_role_id: ADMIN }
        : { role_id: placeRole, workspaces: [place] };
      const giver = giverOf(turn, ofOrg ? undefined : inPlace(turn, 'workspaces:manage-keys'));
      const [at, most] = ofOrg ? [ORG, EVERYTHING] : [place, 'workspaces:manage-keys'];
      const client = ofOrg || turn.by.kind === 'key' ? turn.api : turn.inPlace;
      return sends(
        `create a key ${ofOrg ? 'of the organization' : `as ${titleOf(turn, placeRole)}`}`,
        client.post(KEYS, { description: 'x', ...reach }),
        ({ id, key }) =>
          madeCredential(
            turn,
            'key',
            id,
            key,
            giver.has(at, most),
            ofOrg ? ORG : placeRole === LEAD ? place : null,
          ),
      );
    },
  },
  'create SCIM token': {
    needs: EVERYTHING,
    weight: 2,
    run: (turn) => {
      const lasts = giverOf(turn).has(ORG, EVERYTHING);
      return sends('create a SCIM token', turn.api.post(TOKENS, {}), ({ id, token }) =>
        madeCredential(turn, 'scim', id, token, lasts),
      );
    },
  },
  'rotate key': {
    needs: EVERYTHING,
    run: async (turn) => {
      const key = turn.world.credentials.findLast(({ kind }) => kind === 'key');
      if (!key) return null;
      const lasts = key.lasts === true && giverOf(turn).has(ORG, EVERYTHING);
      return sends(`rotate ${key.name}`, turn.api.post(`${KEYS}/${key.id}/rotate`, {}), (body) =>
        madeCredential({ ...turn, by: { ...turn.by, person: key.person } }, 'key', key.id!, body.key, lasts),
      );
    },
  },
  'create a token of their own': {
    run: (turn) => {
      const { world, by } = turn;
      return sends(
        'create a personal access token',
        turn.api.post('/api/v1/api-key/current', { description: 'x' }),
        ({ key }) =>
          world.credentials.push({
            ...by,
            name: `token of ${by.name}`,
            api: world.t.api.as({ key, orgId: world.org.orgId }),
          }),
      );
    },
  },
  'choose a password': {
    needs: 'organization:manage',
    who: 'member',
    weight: 2,
    run: async (turn) => {
      const [isWorth, giver] = [isWorthStealing(turn), giverOf(turn)];
      const path = await onMember(turn, null);
      const to = `of ${nameOf(turn.person.email)}`;
      if (turn.other % 2 === 0)
        return sends(`choose the password ${to}`, turn.api.patch(path, { password: PASSWORD }), () =>
          keepPassword(turn, giver, isWorth, PASSWORD),
        );
      const made = await turn.api.post(`${path}/password-link`, {});
      const { status } = made;
      if (status >= 300) return { said: `make a password link ${to}`, status };
      const used = turn.world.t.api.post('/api/v1/login/password', {
        token: made.body.token,
        password: `${PASSWORD}-2`,
      });
      return sends(`use a password link ${to}`, used, () =>
        keepPassword(turn, giver, isWorth, `${PASSWORD}-2`),
      );
    },
  },
  'add to group': {
    needs: 'organization:manage',
    who: 'here',
    weight: 4,
    run: async (turn) => {
      const { world, group, person } = turn;
      const held = heldAs(
        { ...turn, later: null },
        'member',
        giverOf(turn, [ORG, 'organization:user-groups:manage-members']),
      );
      const body = {
        identity_ids: [await world.placeOf(person, null)],
        ...(turn.ends && { access_expires_at: world.until }),
      };
      return sends(
        `add ${nameOf(person.email)} to group ${world.groups.indexOf(group)} ${said(turn)}`,
        turn.api
          .post(`${GROUPS}/${group}/members`, body)
          .then((reply) =>
            reply.body?.items?.[0]?.status === 'CREATED'
              ? reply
              : { ...reply, status: Math.max(reply.status, 400) },
          ),
        () => world.ledger.give(world.ledger.inGroups, [person.email, group], held),
      );
    },
  },
  'grant to group': {
    needs: 'organization:manage',
    weight: 2,
    run: (turn) => {
      const { world, group, place, placeRole } = turn;
      const giver = giverOf(turn, [ORG, 'organization:user-groups:manage-grants']);
      const send = world.ledger.roleOf(group, place) ? regrant : grantTo;
      return sends(
        `group ${world.groups.indexOf(group)} becomes ${titleOf(turn, placeRole)}`,
        send({ api: turn.api }, group, place, placeRole),
        () =>
          world.ledger.give(world.ledger.roles, [group, place], { now: placeRole, after: placeRole, giver }),
      );
    },
  },
  'change custom role': {
    needs: EVERYTHING,
    weight: 5,
    run: (turn) => {
      const permissions = WIDTHS[turn.other % WIDTHS.length]!;
      const id = turn.world.custom[turn.other % 8 === 0 ? 1 : 0]!; // mostly that without a policy
      const giver = giverOf(turn);
      const body = { display_name: `Role ${turn.world.custom.indexOf(id)}`, description: '', permissions };
      return sends(
        `${titleOf(turn, id)} has ${permissions.join(', ')}`,
        turn.api.patch(`/api/v1/orgs/current/roles/${id}`, body),
        () => turn.world.ledger.widen(id, permissions, giver),
      );
    },
  },
  'attach policies': {
    needs: EVERYTHING,
    weight: 5,
    run: (turn) => {
      const [policy, id] = [policyOf(turn), customOf(turn)];
      const { attached } = turn.world.ledger;
      const isOn = !attached.get(`${policy.id} ${id}`)?.isOn;
      const giver = giverOf(turn);
      const path = `${POLICIES}/roles/${id}/access-policies`;
      return sends(
        `${isOn ? 'attach' : 'detach'} a policy (${policy.effect}) ${isOn ? 'to' : 'from'} ${titleOf(turn, id)}`,
        turn.api.send(isOn ? 'POST' : 'DELETE', path, { access_policy_ids: [policy.id] }),
        () => attached.set(`${policy.id} ${id}`, { isOn, giver }),
      );
    },
  },
  'change default role': {
    needs: EVERYTHING,
    run: (turn) => {
      const held = { now: turn.placeRole, after: turn.placeRole, giver: giverOf(turn) };
      return sends(
        `the default role becomes ${titleOf(turn, turn.placeRole)}`,
        turn.api.patch(`${SSO_SETTINGS}/${turn.world.settings.id}`, {
          default_workspace_role_id: turn.placeRole,
        }),
        () => (turn.world.default = held),
      );
    },
  },
  'switch roles by SCIM': {
    needs: EVERYTHING,
    run: (turn) => {
      const giver = giverOf(turn);
      const scim_roles_enabled = turn.other % 3 > 0;
      const isOn = turn.world.rolesByScim !== null;
      return sends(
        `roles by SCIM: ${scim_roles_enabled}`,
        turn.api.patch(INFO, { scim_roles_enabled }),
        () => {
          turn.world.rolesByScim = scim_roles_enabled ? (isOn ? turn.world.rolesByScim : giver) : null;
        },
      );
    },
  },
  'create workspace': {
    needs: 'organization:manage',
    run: (turn) => {
      const { world, by } = turn;
      const giver = { ...giverOf(turn), has: () => true }; // who creates one is its Admin
      const after =
        by.kind === 'person' &&
        world.ledger.roleOf(by.person, ORG)?.now === world.ledger.roleOf(by.person, ORG)?.after;
      return sends(
        'create a workspace',
        turn.api.post('/api/v1/workspaces', { display_name: `W ${randomUUID()}` }),
        ({ id }) =>
          world.ledger.give(world.ledger.roles, [by.person, id], {
            now: LEAD,
            after: after ? LEAD : null,
            giver,
          }),
      );
    },
  },
  'SCIM group': {
    weight: 5,
    run: (turn) =>
      withScim(turn, (scim, value) => {
        const { world, person, other } = turn;
        const { name, gives } = scimNames(turn)[other % 4]!;
        const giver = giverOf(turn);
        const displayName = `${world.turn}:${name}`;
        const keep = (by: readonly [string, string]) =>
          giveByScim(turn, person.email, [[by[0], by[1]], ...orgOf(name)], giver);
        const known = world.scimGroups[other % Math.max(world.scimGroups.length, 1)];
        if (known && other % 3 === 0)
          return sends(
            `SCIM: add ${nameOf(person.email)} to a group`,
            scim.patch(`/Groups/${known.id}`, [{ op: 'add', path: 'members', value: [{ value }] }]),
            () => keep(known.gives),
          );
        return sends(
          `SCIM: create ${name} with ${nameOf(person.email)}`,
          scim.post('/Groups', { schemas: [GROUP], displayName, members: [{ value }] }),
          (body) => {
            world.scimGroups.push({ id: body.id, gives });
            keep(gives);
          },
        );
      }),
  },
  'SCIM roles': {
    weight: 2,
    run: (turn) =>
      withScim(turn, (scim, id) => {
        const giver = giverOf(turn);
        const value = [
          { value: ['Organization Admin', 'Organization Operator', 'Organization User'][turn.other % 3] },
        ];
        const now = [ADMIN, OPERATOR, USER][turn.other % 3]!;
        return sends(
          `SCIM: ${nameOf(turn.person.email)} has the role ${value[0]?.value}`,
          scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'roles', value }]),
          () => turn.world.rolesByScim && giveByScim(turn, turn.person.email, [[ORG, now]], giver),
        );
      }),
  },
  'SCIM login': {
    run: (turn) =>
      withScim(turn, (scim, id) =>
        sends(
          `SCIM: another externalId of ${nameOf(turn.person.email)}`,
          scim.patch(`/Users/${id}`, [
            { op: 'replace', path: 'externalId', value: `subject ${turn.world.turn}` },
          ]),
        ),
      ),
  },
};

const orgOf = (name: string): [string, string][] =>
  name.startsWith('Organization Operator') ? [[ORG, OPERATOR]] : [];
const WIDTHS = [
  ['workspaces:read'],
  ['workspaces:read', 'runs:delete'],
  ['workspaces:read', 'workspaces:manage-members'],
  ['workspaces:read', 'workspaces:manage-keys'],
];
const TITLES = new Map([
  [ADMIN, 'Organization Admin'],
  [OPERATOR, 'Operator'],
  [USER, 'User'],
  [LEAD, 'Admin'],
  [EDITOR, 'Editor'],
  [VIEWER, 'Viewer'],
]);
const titleOf = ({ world }: Turn, id: string) => TITLES.get(id) ?? `role ${world.custom.indexOf(id)}`;
const said = ({ ends, later }: Turn) =>
  ends ? (later ? 'until the instant, then less' : 'until the instant') : 'for good';
