import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { systemRole } from '../../src/modules/roles/index.js';
import { insertRow, migratedDatabase, undoMigration } from '../support/migrated-database.js';

const MIGRATION = 'StoreProvenanceOfMemberships';
const USER = systemRole('ORGANIZATION_USER');
const EDITOR = systemRole('WORKSPACE_USER');
const JOINED = '2026-03-01T12:00:00Z';
const RECORDED = '2026-03-01T12:00:01Z';
const ORG = randomUUID();
const WORKSPACE = randomUUID();
const [ADMIN, KEY] = [randomUUID(), randomUUID()];
const BY_ADMIN = { user_id: ADMIN, credential_kind: 'session', credential_id: randomUUID() };
const BY_KEY = { credential_kind: 'service-key', credential_id: KEY };
const BY_TOKEN = { credential_kind: 'scim-token', credential_id: KEY };

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
  await undoMigration(database, MIGRATION);
  for (const { id, name, displayName, description, accessScope } of [USER, EDITOR])
    await insert('roles', {
      ...{ id, name, display_name: displayName, description, access_scope: accessScope },
      permissions: ['organization:read'],
    });
  await insert('organizations', { id: ORG, display_name: 'Acme' });
  await insert('workspaces', { id: WORKSPACE, org_id: ORG, display_name: 'Workspace' });
  await database.runMigrations();
});
beforeEach(() => undoMigration(database, MIGRATION));
afterEach(() => database.runMigrations());
afterAll(() => database.destroy());

const insert = (table: string, row: object) => insertRow(database, table, row);

type Person = { userId: string; email: string; inOrg: string; inWorkspace: string };

async function member(source: string, inWorkspace: string = source): Promise<Person> {
  const [userId, email] = [randomUUID(), `${randomUUID()}@example.com`];
  const ids = { inOrg: randomUUID(), inWorkspace: randomUUID() };
  const row = { org_id: ORG, user_id: userId, created_at: JOINED };
  await insert('users', { id: userId, email });
  await insert('org_memberships', { ...row, id: ids.inOrg, role_id: USER.id, source });
  await insert('workspace_memberships', {
    ...{ ...row, id: ids.inWorkspace, workspace_id: WORKSPACE, role_id: EDITOR.id, source: inWorkspace },
  });
  return { userId, email, ...ids };
}

/** Returns the id. */
async function entry(operation: string, resourceIds: string[], more: object = {}): Promise<string> {
  const id = randomUUID();
  await insert('audit_entries', {
    ...{ id, org_id: ORG, operation, succeeded: true, resource_ids: resourceIds, created_at: RECORDED },
    ...more,
  });
  return id;
}

const provenanceIn = async (table: string, id: string): Promise<Record<string, unknown>> =>
  (
    await database.query(
      `select created_via as via, invitation_id as invitation, created_by_user_id as user, created_by_key_id as key,
         created_audit_entry_id as entry from ${table} where id = $1`,
      [id],
    )
  )[0];
const inOrg = (person: Person) => provenanceIn('org_memberships', person.inOrg);
const inWorkspace = (person: Person) => provenanceIn('workspace_memberships', person.inWorkspace);

const NOTHING = { invitation: null, user: null, key: null, entry: null };
const UNKNOWN = { via: 'unknown', ...NOTHING };

it('the provenance of existing memberships is derived from invitations and audit entries', async () => {
  const byHand = await member('manual');
  const added = await entry('add_basic_auth_users_to_org', [byHand.userId], BY_ADMIN);
  const byKey = await member('manual');
  const addedByKey = await entry('add_basic_auth_users_to_org', [byKey.userId], BY_KEY);
  const direct = await member('manual');
  const addedToWorkspace = await entry('add_member_to_workspace', [direct.inWorkspace], BY_ADMIN);

  const invited = await member('invitation');
  const invitation = randomUUID();
  await insert('invitations', {
    ...{ id: invitation, org_id: ORG, email: invited.email, org_role_id: USER.id, from_workspace: false },
    ...{ status: 'accepted', ended_at: JOINED, invited_by_user_id: ADMIN },
  });
  const claimed = await entry('claim_pending_organization_invite', [invitation], { user_id: invited.userId });
  const byLostInvitation = await member('invitation');

  const first = await member('jit', 'sso_group');
  const login = {
    user_id: first.userId,
    details: { rule: 'jit', groups: { added_workspace_ids: [WORKSPACE] } },
  };
  const signedIn = await entry('login', [first.userId], login);
  const changedLater = await member('manual');
  const laterLogin = { user_id: changedLater.userId, details: { rule: 'jit', groups: 'not_told' } };
  const firstLogin = await entry('login', [changedLater.userId], laterLogin);

  const byScim = await member('scim');
  const scimUser = randomUUID();
  await insert('scim_users', {
    ...{ id: scimUser, org_id: ORG, user_id: byScim.userId, user_name: byScim.email, emails: [byScim.email] },
    ...{ attributes: '{}', made_account: true },
  });
  const grouped = await entry('update_scim_group', [randomUUID(), scimUser], BY_TOKEN);

  const older = await member('manual');
  await entry('add_basic_auth_users_to_org', [older.userId], {
    ...BY_ADMIN,
    created_at: '2026-03-01T12:02:00Z',
  });
  await entry('add_basic_auth_users_to_org', [older.userId], { ...BY_ADMIN, org_id: randomUUID() });
  await entry('add_basic_auth_users_to_org', [older.userId], { ...BY_ADMIN, succeeded: false });
  await entry('login', [older.userId], { user_id: older.userId, details: { rule: 'existing_access' } });

  await entry('update_org_member', [byHand.inOrg], { ...BY_KEY, created_at: '2026-04-01T00:00:00Z' });
  const roleChanged = await entry('update_org_member', [byHand.inOrg], {
    ...{ ...BY_ADMIN, created_at: '2026-05-01T00:00:00Z' },
  });

  await database.runMigrations();

  const byAdmin = { ...NOTHING, via: 'direct_add', user: ADMIN };
  expect(await inOrg(byHand)).toEqual({ ...byAdmin, entry: added });
  expect(await inWorkspace(byHand)).toEqual({ ...byAdmin, entry: added });
  expect(await inOrg(byKey)).toEqual({ ...NOTHING, via: 'direct_add', key: KEY, entry: addedByKey });
  expect(await inOrg(direct)).toEqual(UNKNOWN);
  expect(await inWorkspace(direct)).toEqual({ ...byAdmin, entry: addedToWorkspace });
  const accepted = { via: 'invitation', invitation, user: ADMIN, key: null, entry: claimed };
  expect(await inOrg(invited)).toEqual(accepted);
  expect(await inWorkspace(invited)).toEqual(accepted);
  expect(await inOrg(byLostInvitation)).toEqual({ ...NOTHING, via: 'invitation' });
  expect(await inOrg(first)).toEqual({ ...NOTHING, via: 'jit', entry: signedIn });
  expect(await inWorkspace(first)).toEqual({ ...NOTHING, via: 'sso_group', entry: signedIn });
  expect(await inOrg(changedLater)).toEqual({ ...NOTHING, via: 'jit', entry: firstLogin });
  expect(await inWorkspace(byScim)).toEqual({ ...NOTHING, via: 'scim_group', key: KEY, entry: grouped });
  expect(await inOrg(older)).toEqual(UNKNOWN);
  expect(await inWorkspace(older)).toEqual(UNKNOWN);
  const changes = await database.query(
    `select role_changed_at, role_changed_by_user_id, role_changed_by_key_id, role_changed_audit_entry_id
     from org_memberships where role_changed_at is not null`,
  );
  expect(changes).toEqual([
    {
      role_changed_at: new Date('2026-05-01T00:00:00Z'),
      role_changed_by_user_id: ADMIN,
      role_changed_by_key_id: null,
      role_changed_audit_entry_id: roleChanged,
    },
  ]);
});

it('the creation of an organization and of a workspace is the provenance of its first admin', async () => {
  const [orgId, workspaceId, owner] = [randomUUID(), randomUUID(), randomUUID()];
  const ids = { org: randomUUID(), workspace: randomUUID() };
  const row = { org_id: orgId, user_id: owner, source: 'manual', created_at: JOINED };
  await insert('users', { id: owner, email: `${owner}@example.com` });
  await insert('organizations', { id: orgId, display_name: 'Mine' });
  await insert('workspaces', { id: workspaceId, org_id: orgId, display_name: 'First' });
  await insert('org_memberships', { ...row, id: ids.org, role_id: USER.id });
  await insert('workspace_memberships', {
    ...{ ...row, id: ids.workspace, workspace_id: workspaceId, role_id: EDITOR.id },
  });
  const created = await entry('create_organization', [orgId, workspaceId], { org_id: orgId, user_id: owner });

  await database.runMigrations();

  const founded = { ...NOTHING, via: 'organization_creation', user: owner, entry: created };
  expect(await provenanceIn('org_memberships', ids.org)).toEqual(founded);
  expect(await provenanceIn('workspace_memberships', ids.workspace)).toEqual(founded);
});

it('a server of the previous version can add a member, whose provenance is unknown', async () => {
  const row = { id: randomUUID(), org_id: ORG, user_id: randomUUID(), role_id: USER.id, source: 'manual' };
  await insert('users', { id: row.user_id, email: `${row.user_id}@example.com` });

  await database.runMigrations();
  await insert('org_memberships', row);

  const stored = await database.query('select created_via from org_memberships where id = $1', [row.id]);
  expect(stored).toEqual([{ created_via: 'unknown' }]);
});
