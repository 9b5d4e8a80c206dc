import { randomUUID } from 'node:crypto';
import { role } from '../fixtures.js';
import { GROUP, scimOf, scimOfOperator, userOf } from '../scim.js';
import type { SsoEnvironment } from '../sso-environment.js';
import { KEYS, NAMES, PREPARED, RESOURCES, World } from './world.js';
import { POLICIES, ROLES, type WorldChoice } from './world-choice.js';

const [ALPHA, BETA] = NAMES;

/** Inserted by SQL, except what has a secret or follows from SCIM. */
export async function createWorld(env: SsoEnvironment, choice: WorldChoice): Promise<World> {
  const world = new World(env, await env.orgWithAdmin());
  await insertRules(world, choice);
  await insertPeople(world, choice);
  await insertGroups(world, choice);
  await letSomeEnd(world, choice);
  await insertInvitations(world, choice);
  await insertTags(world);
  await Promise.all([createKeys(world, choice), provisionByScim(world)]);
  await env.t.sql('update organizations set can_use_user_groups = $2 where id = $1', [
    world.org.orgId,
    !choice.groupsOff,
  ]);
  return world;
}

async function insertRules(world: World, { attachments }: WorldChoice): Promise<void> {
  const { orgId, workspaceId } = world.org;
  const org = { org_id: orgId };
  await world.env.t.sql('update workspaces set display_name = $2 where id = $1', [workspaceId, ALPHA]);
  await world.env.t.sql(
    'update organizations set workspace_admin_can_invite_to_org = true, max_identities = 1000 where id = $1',
    [orgId],
  );
  await world.insert('workspaces', [{ ...org, id: world.workspaces[1], display_name: BETA }]);
  await world.insert(
    'roles',
    ROLES.flatMap((one, n) =>
      'system' in one
        ? []
        : [
            {
              ...{ ...org, id: world.roles[n], name: 'CUSTOM', display_name: one.title, description: '' },
              ...{ access_scope: 'workspace', permissions: one.permissions },
            },
          ],
    ),
  );
  await world.insert(
    'access_policies',
    POLICIES.map(({ title, effect, groups }, n) => ({
      ...{ ...org, id: world.policies[n], name: title, description: '', effect, condition_groups: groups },
    })),
  );
  await world.insert(
    'access_policy_roles',
    attachments.map((one) => ({
      access_policy_id: world.at('policies', one.policy),
      role_id: world.at('roles', one.role),
    })),
  );
}

async function insertPeople(world: World, { places }: WorldChoice): Promise<void> {
  const org = { org_id: world.org.orgId };
  world.people.push(
    ...(await Promise.all(
      places.map((_, n) =>
        world.env.member(world.org, {
          email: world.env.t.fixtures.email(`p${n}`),
          org: n < 2 ? 'ORGANIZATION_OPERATOR' : 'ORGANIZATION_USER',
        }),
      ),
    )),
  );
  for (const [n, { email, api }] of world.people.entries())
    world.callers.push({ name: `p${n}`, subject: { kind: 'person', id: email }, api });
  await world.insert(
    'workspace_memberships',
    places.flatMap((roles, n) =>
      roles.flatMap((one, at) =>
        one === null
          ? []
          : [
              {
                ...{ ...org, id: randomUUID(), workspace_id: world.workspaces[at], source: 'manual' },
                ...{ user_id: world.people[n]?.userId, role_id: world.at('roles', one) },
              },
            ],
      ),
    ),
  );
  await world.insert(
    'service_accounts',
    world.accounts.map((id, n) => ({ ...org, id, name: `robot ${n}`, identity_id: randomUUID() })),
  );
}

async function insertGroups(world: World, { grants, inGroups, groupPolicies }: WorldChoice): Promise<void> {
  const org = { org_id: world.org.orgId };
  await world.insert(
    'user_groups',
    world.groups.map((id, n) => ({ ...org, id, name: `Group ${n}` })),
  );
  const children = grants.map((grant) => ({
    ...{ ...org, id: randomUUID(), parent_user_group_id: world.at('groups', grant.group) },
    ...{ workspace_id: world.at('workspaces', grant.workspace), role_id: world.at('roles', grant.role) },
    name: `Group ${grant.group} in ${grant.workspace}`,
  }));
  await world.insert('user_groups', children);
  const groupOf = ({ group, child }: { group: number; child: number | null }) =>
    child === null
      ? world.at('groups', group)
      : (children[child % Math.max(children.length, 1)]?.id ?? world.at('groups', group));
  await world.insert(
    'user_group_members',
    inGroups.map((one) => ({
      ...{ ...org, user_group_id: groupOf(one), source: 'manual' },
      user_id: world.people[one.person % world.people.length]?.userId,
    })),
  );
  await world.insert('user_group_service_accounts', [
    { ...org, user_group_id: world.groups[0], service_account_id: world.accounts[0] },
  ]);
  await world.insert(
    'user_group_policies',
    groupPolicies.map((one) => ({
      ...{ ...org, id: randomUUID(), user_group_id: groupOf(one) },
      access_policy_id: world.at('policies', one.policy),
    })),
  );
}

/** Of what has ended, and what ends, some has another role afterwards. */
async function letSomeEnd(world: World, { keyRoles }: WorldChoice): Promise<void> {
  const { sql } = world.env.t;
  const [a, b, c] = keyRoles;
  const end = (n: number) => `now() + interval '${n % 2 === 0 ? -1 : 1} hour'`;
  const places = world.people.flatMap(({ userId }, n) =>
    world.workspaces.flatMap((workspace, at) => {
      const k = (at === 0 ? a : b) + n;
      const later = k % 9 > 0 ? world.at('roles', k) : null;
      return k % 3 > 0 ? [] : [{ user: userId, workspace, later, hours: k % 2 === 0 ? -1 : 1 }];
    }),
  );
  await sql(
    `update workspace_memberships m set access_expires_at = now() + make_interval(hours => p.hours),
       reverts_to_role_id = nullif(p.later, m.role_id)
     from jsonb_to_recordset($1) p ("user" uuid, workspace uuid, later uuid, hours int)
     where m.user_id = p."user" and m.workspace_id = p.workspace`,
    [JSON.stringify(places)],
  );
  await sql(
    `update user_group_members set access_expires_at = ${end(c)} where user_group_id = $1 and user_id = $2`,
    [world.groups[c % 2], world.people[4 + (c % 2)]?.userId],
  );
  await sql(`update user_groups set access_expires_at = ${end(a)} where parent_user_group_id = $1`, [
    world.groups[b % 2],
  ]);
}

async function insertInvitations(world: World, { offers }: WorldChoice): Promise<void> {
  const org = { org_id: world.org.orgId };
  const invitations = world.pending.map((email, n) => ({
    ...{ ...org, id: randomUUID(), email, org_role_id: role('ORGANIZATION_USER'), from_workspace: false },
    ...{ status: 'pending', takes_seat: true, created_at: '2026-01-01' },
    expires_at: offers[n]?.isExpired ? '2026-01-02' : null,
  }));
  await world.insert('invitations', invitations);
  await world.insert(
    'invitation_workspaces',
    offers.map((offer, n) => ({
      ...{
        ...org,
        invitation_id: invitations[n]?.id,
        workspace_id: world.at('workspaces', offer.workspace),
      },
      role_id: world.at('roles', offer.role),
    })),
  );
}

/** In each workspace the keys that policies compare, and one that none compares. */
async function insertTags(world: World): Promise<void> {
  for (const workspace_id of world.workspaces) {
    const tags = TAGS.map(({ key, value }) => ({ key, value, keyId: randomUUID(), id: randomUUID() }));
    const keys = Map.groupBy(tags, ({ key }) => key);
    for (const same of keys.values()) for (const tag of same) tag.keyId = same[0]?.keyId ?? tag.keyId;
    await world.insert(
      'tag_keys',
      [...keys].map(([key, same]) => ({ id: same[0]?.keyId, workspace_id, key })),
    );
    await world.insert(
      'tag_values',
      tags.map(({ id, keyId, value }) => ({ id, tag_key_id: keyId, workspace_id, value })),
    );
    await world.insert(
      'taggings',
      tags.map(({ id }, n) => ({
        ...{ id: randomUUID(), tag_value_id: id, workspace_id, resource_id: RESOURCES[n] },
        resource_type: 'dataset',
      })),
    );
  }
}

/** One of the first workspace, one of a weaker Organization Admin, and one of an operator. */
async function createKeys(world: World, { keyRoles }: WorldChoice): Promise<void> {
  const bodies = [
    { workspaces: [world.workspaces[0]] },
    { org_role_id: role('ORGANIZATION_ADMIN') },
    { org_role_id: role('ORGANIZATION_OPERATOR') },
  ];
  for (const [n, body] of bodies.entries()) {
    const description = `key ${n}`;
    const weaker = world.at('roles', 1 + ((keyRoles[n] ?? 0) % (world.roles.length - 1)));
    const reply = await world.org.admin.api.post(KEYS, { ...body, description, role_id: weaker });
    if (reply.status !== 200) throw new Error(`creating a key: ${JSON.stringify(reply.body)}`);
    const { id, key } = reply.body as { id: string; key: string };
    const api = world.env.t.api.as({ key, orgId: world.org.orgId });
    world.callers.push({ name: description, subject: { kind: 'key', id }, api });
  }
}

/** Users and groups of the identity provider: a bound group, and names that grant nothing yet. */
async function provisionByScim(world: World): Promise<void> {
  const scim = await scimOf(world.org.admin.api);
  const operator = world.person(0);
  world.operatorToken = (await scimOfOperator(world.env.t, world.org, operator)).token;
  const people = world.people.slice(3, 5);
  const ids = await Promise.all(people.map(({ email }) => created(scim.post('/Users', userOf(email)))));
  const members = ids.map((value) => ({ value }));
  for (const displayName of GROUP_NAMES)
    await created(scim.post('/Groups', { schemas: [GROUP], displayName, members }));
}

/** Also with the separator that only an Organization Admin may choose. */
const GROUP_NAMES = [
  `Organization User:${BETA}:Reader`,
  `Organization User:${PREPARED}:Admin`,
  `Organization User-${ALPHA}-Admin`,
  'designers',
];

const TAGS = [
  { key: 'Team', value: 'A' },
  { key: 'Team', value: 'B' },
  { key: 'Env', value: 'A' },
  { key: 'Color', value: 'A' },
];

async function created(reply: Promise<{ status: number; body: any }>): Promise<string> {
  const { status, body } = await reply;
  if (status !== 201) throw new Error(`provisioning: ${status} ${JSON.stringify(body)}`);
  return body.id as string;
}
