import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { tamper } from '../support/audit-seals.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import type { Account } from '../support/identity-provider.js';
import { anotherWorkspace, invitation, ORG_MEMBERS } from '../support/invitations.js';
import { GROUP, type Scim, scimOf, userOf } from '../support/scim.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { ssoSettings } from '../support/sso-settings.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const NOT_SEALING = { AUDIT_SEAL_SECONDS: '3600' };

async function explained({ admin }: OrgWithAdmin, membershipId: string) {
  const { status, body } = await admin.api.get(`${ORG_MEMBERS}/${membershipId}/access`);
  if (status !== 200) throw new Error(`explaining: ${status} ${JSON.stringify(body)}`);
  return body;
}

async function membershipOf(t: TestApp, { orgId }: OrgWithAdmin, email: string): Promise<string> {
  const [row] = await t.sql<{ id: string }>(
    'select m.id from org_memberships m join users u on u.id = m.user_id where m.org_id = $1 and u.email = $2',
    [orgId, email],
  );
  return row!.id;
}

const entryOf = async (t: TestApp, operation: string): Promise<string> =>
  (
    await t.sql<{ id: string }>(
      'select id from audit_entries where operation = $1 and succeeded order by position desc limit 1',
      [operation],
    )
  )[0]!.id;

describe('access after the audit entries have been removed', () => {
  let t: TestApp;
  let org: OrgWithAdmin;
  beforeAll(async () => {
    t = await startTestApp(NOT_SEALING);
    org = await t.fixtures.orgWithAdmin();
  });
  afterAll(() => t.close());

  /** Makes all entries too old, and runs a server until retention has removed them. */
  async function removeAuditEntries(): Promise<void> {
    await tamper(t, `update audit_entries set created_at = created_at - interval '500 days'`);
    const keeping = await startTestApp({ AUDIT_SEAL_SECONDS: '1' }, t.databaseUrl);
    await until(async () => (await t.sql('select from audit_entries limit 1')).length === 0);
    await keeping.close();
  }

  it('explains who added, invited and changed a member after retention has removed the audit entries', async () => {
    const added = t.fixtures.email();
    await org.admin.api.post(`${ORG_MEMBERS}/basic/batch`, [
      { email: added, workspace_ids: [org.workspaceId] },
    ]);
    const byHand = await membershipOf(t, org, added);
    await org.admin.api.patch(`${ORG_MEMBERS}/${byHand}`, { role_id: role('ORGANIZATION_VIEWER') });
    const stranger = await t.fixtures.userWithoutOrg();
    await invitation(org, { email: stranger.email, workspace_ids: [org.workspaceId] });
    const { body: claimed } = await stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`);
    const before = [await explained(org, byHand), await explained(org, claimed.id)];

    await removeAuditEntries();

    const admin = { user_id: org.admin.userId, email: org.admin.email, credential_id: null };
    const after = [await explained(org, byHand), await explained(org, claimed.id)];
    expect(after).toEqual(before);
    expect(after).toMatchObject([
      { membership: { by: admin, role_changed: { by: admin } }, workspaces: [{ membership: { by: admin } }] },
      { membership: { by: admin, invitation_id: expect.any(String), invited_at: expect.any(String) } },
    ]);
  });
});

it('shows the id of a creator whose account no longer exists, without an e-mail', async () => {
  const t = await startTestApp(NOT_SEALING);
  const org = await t.fixtures.orgWithAdmin();
  const lead = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
  const email = t.fixtures.email();
  await lead.api.post(`${ORG_MEMBERS}/basic/batch`, [{ email }]);
  const membershipId = await membershipOf(t, org, email);

  await t.sql('delete from users where id = $1', [lead.userId]);

  const { membership } = await explained(org, membershipId);
  await t.close();
  expect(membership.by).toEqual({ user_id: lead.userId, email: null, credential_id: null });
});

it('still names who invited a member after the invitation has been deleted', async () => {
  const t = await startTestApp(NOT_SEALING);
  const org = await t.fixtures.orgWithAdmin();
  const stranger = await t.fixtures.userWithoutOrg();
  const id = await invitation(org, { email: stranger.email });
  const { body: claimed } = await stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`);

  await t.sql('delete from invitations where id = $1', [id]);

  const { membership } = await explained(org, claimed.id);
  await t.close();
  expect(membership).toMatchObject({
    ...{ source: 'invitation', invitation_id: null, invited_at: null },
    by: { user_id: org.admin.userId },
  });
});

describe('the provenance of access that rules and the identity provider grant', () => {
  let w: SsoEnvironment;
  let scim: Scim;
  let prod: string;
  beforeAll(async () => {
    w = await SsoEnvironment.start(NOT_SEALING);
    prod = await w.workspace('Prod');
    await ssoSettings(w.org, { sso_groups_enabled: true, sso_groups_claim_field: 'groups' });
    scim = await scimOf(w.org.admin.api);
  });
  afterAll(() => w.stop());

  /** The path that created each membership of a member, that of the organization first. */
  const pathsOf = (membershipId: string) =>
    w.t.sql(
      `select workspace_id, created_via from (
         select null::uuid as workspace_id, created_via from org_memberships where id = $1
         union all
         select w.workspace_id, w.created_via from org_memberships m
         join workspace_memberships w on w.org_id = m.org_id and w.user_id = m.user_id where m.id = $1) h
       order by workspace_id is not null, created_via`,
      [membershipId],
    );
  const token = async () => {
    const [row] = await w.t.sql<{ id: string }>('select id from scim_tokens where org_id = $1', [
      w.org.orgId,
    ]);
    return { user_id: null, email: null, credential_id: row!.id };
  };

  async function newcomer(groups: string[]): Promise<string> {
    const person: Account & { email: string } = w.person();
    w.idp.account({ ...person, groups });
    await w.signIn(person);
    return membershipOf(w.t, w.org, person.email);
  }

  async function scimUser(): Promise<{ id: string; membershipId: string }> {
    const email = w.t.fixtures.email();
    const { body } = await scim.post('/Users', userOf(email));
    return { id: body.id, membershipId: await membershipOf(w.t, w.org, email) };
  }

  async function group(displayName: string, members: { id: string }[]): Promise<void> {
    const values = members.map(({ id }) => ({ value: id }));
    const { status } = await scim.post('/Groups', { schemas: [GROUP], displayName, members: values });
    if (status !== 201) throw new Error(`creating ${displayName}: ${status}`);
  }

  it('names the first sign-in and its groups as the provenance, and no user', async () => {
    const membershipId = await newcomer(['LS:Organization User:Prod:Admin']);
    const login = await entryOf(w.t, 'login');

    expect(await pathsOf(membershipId)).toEqual([
      { workspace_id: null, created_via: 'jit' },
      { workspace_id: w.org.workspaceId, created_via: 'jit' },
      { workspace_id: prod, created_via: 'sso_group' },
    ]);
    const { membership, workspaces } = await explained(w.org, membershipId);
    for (const held of [membership, ...workspaces.map((one: { membership: unknown }) => one.membership)])
      expect(held).toMatchObject({ by: null, audit_log_id: login });
  });

  it('names who took over a membership that the first sign-in created', async () => {
    const membershipId = await newcomer([]);
    await w.org.admin.api.patch(`${ORG_MEMBERS}/${membershipId}`, { role_id: role('ORGANIZATION_VIEWER') });

    const { membership } = await explained(w.org, membershipId);

    const by = { user_id: w.org.admin.userId, email: w.org.admin.email };
    const change = { by, audit_log_id: await entryOf(w.t, 'update_org_member') };
    expect(membership).toMatchObject({
      ...{ source: 'manual', by, role_changed: change, audit_log_id: await entryOf(w.t, 'login') },
    });
    expect(await pathsOf(membershipId)).toContainEqual({ workspace_id: null, created_via: 'jit' });
  });

  it('names the SCIM token that created a user and a group as the provenance', async () => {
    const person = await scimUser();
    const created = await entryOf(w.t, 'create_scim_user');
    await group('LS:Organization User:Prod:Viewer', [person]);

    const { membership, workspaces } = await explained(w.org, person.membershipId);

    const by = await token();
    expect(membership).toMatchObject({ source: 'scim', by, audit_log_id: created });
    const grouped = await entryOf(w.t, 'create_scim_group');
    expect(workspaces).toMatchObject([
      { workspace_id: prod, membership: { source: 'scim', by, audit_log_id: grouped } },
    ]);
    expect(await pathsOf(person.membershipId)).toEqual([
      { workspace_id: null, created_via: 'scim_user' },
      { workspace_id: prod, created_via: 'scim_group' },
    ]);
    const [member] = await w.t.sql(
      `select created_via, created_by_key_id, created_audit_entry_id from scim_group_members
       where scim_user_id = $1`,
      [person.id],
    );
    expect(member).toEqual({
      created_via: 'scim_group',
      created_by_key_id: by.credential_id,
      created_audit_entry_id: grouped,
    });
  });

  it('names who created the workspace that a waiting group grants as the provenance', async () => {
    const person = await scimUser();
    await group('LS:Organization User:Later:Viewer', [person]);
    const { body: later } = await w.org.admin.api.post('/api/v1/workspaces', { display_name: 'Later' });

    const { workspaces } = await explained(w.org, person.membershipId);

    const by = { user_id: w.org.admin.userId, email: w.org.admin.email };
    const audit_log_id = await entryOf(w.t, 'update_scim_group');
    expect(workspaces).toMatchObject([{ workspace_id: later.id, membership: { by, audit_log_id } }]);
  });

  it('keeps the creator of a membership whose role a SCIM group takes over', async () => {
    const person = await scimUser();
    const taken = await anotherWorkspace(w.org);
    const api = w.org.admin.api.as({ workspaceId: taken });
    await api.post('/api/v1/workspaces/current/members', { org_identity_id: person.membershipId });
    const added = await entryOf(w.t, 'add_member_to_workspace');
    await w.t.sql(`update workspaces set display_name = 'Taken' where id = $1`, [taken]);
    await group('LS:Organization User:Taken:Admin', [person]);

    const { workspaces } = await explained(w.org, person.membershipId);

    expect(workspaces).toMatchObject([
      {
        role_name: 'Admin',
        membership: { source: 'scim', by: { user_id: w.org.admin.userId }, audit_log_id: added },
      },
    ]);
  });
});
