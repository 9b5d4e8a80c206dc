import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { newId } from '../../src/database/statements/new-id.js';
import { systemRole } from '../../src/modules/roles/index.js';
import { databaseMigratedTo, insertRow, migratedDatabase } from '../support/migrated-database.js';

describe('makers of credentials', () => {
  const [ORG, USER] = [randomUUID(), randomUUID()];
  const ROLES = [systemRole('ORGANIZATION_ADMIN'), systemRole('WORKSPACE_ADMIN')] as const;

  let database: DataSource;
  beforeAll(async () => {
    database = await migratedDatabase();
    for (const { id, name, displayName, description, accessScope } of ROLES)
      await insertRow(database, 'roles', {
        ...{
          id,
          name,
          display_name: displayName,
          description,
          access_scope: accessScope,
          permissions: ['workspaces:read'],
        },
      });
    await insertRow(database, 'organizations', { id: ORG, display_name: 'Acme' });
    await insertRow(database, 'users', { id: USER, email: 'ada@example.com' });
    await insertRow(database, 'org_memberships', {
      ...{ id: randomUUID(), org_id: ORG, user_id: USER, role_id: ROLES[0].id },
      ...{ source: 'manual', created_via: 'unknown' },
    });
  });
  afterAll(() => database.destroy());

  const common = (id: string) => ({ id, org_id: ORG, digest: Buffer.from(id), description: '' });

  async function token(parent: string | null): Promise<string> {
    const id = randomUUID();
    const owner = { kind: 'pat', user_id: USER, created_by_user_id: USER, parent_key_id: parent };
    await insertRow(database, 'api_keys', { ...common(id), short_key: 'lsv2_pt_...', ...owner });
    return id;
  }

  async function serviceKey(createdByUserId: string | null): Promise<string> {
    const id = randomUUID();
    const rights = { kind: 'service', is_org_wide: true, workspace_role_id: ROLES[1].id };
    const maker = { created_by_user_id: createdByUserId };
    await insertRow(database, 'api_keys', { ...common(id), short_key: 'lsv2_sk_...', ...rights, ...maker });
    return id;
  }

  async function scimToken(makesAdmins = true): Promise<string> {
    const id = randomUUID();
    await insertRow(database, 'scim_tokens', { ...common(id), short_token: 's', makes_admins: makesAdmins });
    return id;
  }

  const makers = async () =>
    new Map(
      (
        await database.query(`
        select id, created_by_user_id as "by", created_with_kind as kind, created_with_id as "with", maker_key_id as maker
        from api_keys union all
        select id, created_by_user_id, created_with_kind, created_with_id, maker_key_id from scim_tokens`)
      ).map(({ id, ...row }: { id: string }) => [id, row]),
    );

  it('passes what deleted keys have created on to the next key in line, however many are deleted at once', async () => {
    const chain = [await token(null)];
    for (let length = 1; length < 4; length++) {
      const id = await serviceKey(USER);
      await database.query('update api_keys set maker_key_id = $2 where id = $1', [id, chain.at(-1)]);
      chain.push(id);
    }
    const scim = await scimToken();
    await database.query('update scim_tokens set maker_key_id = $2 where id = $1', [scim, chain[2]]);
    const makerOf = async (id: string) => ((await makers()).get(id) as { maker: string | null }).maker;

    await database.query('delete from api_keys where id = any($1)', [[chain[1], chain[2]]]);
    expect([await makerOf(chain[3]!), await makerOf(scim)]).toEqual([chain[0], chain[0]]);

    await database.query('delete from api_keys where id = $1', [chain[0]]);
    expect([await makerOf(chain[3]!), await makerOf(scim)]).toEqual([null, null]);
  });
});

describe('what servers of 0.6 have told and mailed', () => {
  const [ORG, USER, GROUP, INVITER] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const ROLES = [systemRole('ORGANIZATION_ADMIN'), systemRole('ORGANIZATION_USER')] as const;
  const [SOON, LATER, PAST] = ['2036-01-01T00:00:00Z', '2036-02-01T00:00:00Z', '2020-01-01T00:00:00Z'];

  let database: DataSource;
  let migrateOn: () => Promise<unknown>;
  beforeAll(async () => {
    ({ database, continue: migrateOn } = await databaseMigratedTo('Baseline1765192000001'));
    for (const { id, name, displayName, description, accessScope } of ROLES)
      await insertRow(database, 'roles', {
        ...{ id, name, display_name: displayName, description, access_scope: accessScope },
        permissions: ['organization:read'],
      });
    await insertRow(database, 'organizations', { id: ORG, display_name: 'Acme' });
    for (const id of [USER, INVITER]) {
      await insertRow(database, 'users', { id, email: `${id}@example.com` });
      await insertRow(database, 'org_memberships', {
        ...{ id: randomUUID(), org_id: ORG, user_id: id, role_id: ROLES[0].id, source: 'manual' },
      });
    }
    await insertRow(database, 'user_groups', { id: GROUP, org_id: ORG, name: 'Analysts' });
    await insertRow(database, 'user_group_members', {
      ...{ user_group_id: GROUP, org_id: ORG, user_id: USER, source: 'manual' },
    });
  });
  afterAll(() => database.destroy());

  const token = async (): Promise<string> => {
    const id = randomUUID();
    const common = { org_id: ORG, digest: Buffer.from(id), description: '', short_key: 'lsv2_pt_...' };
    await insertRow(database, 'api_keys', { ...common, id, kind: 'pat', user_id: USER, expires_at: LATER });
    return id;
  };
  const notice = (credential_id: string, expires_at: string, is_mailed = true) =>
    insertRow(database, 'expiry_notices', { credential_id, days_before: 7, expires_at, is_mailed });
  const announcement = (subject: string, expires_at: string) =>
    insertRow(database, 'expiry_announcements', { subject, days_before: 7, expires_at, is_mailed: true });

  async function invitation(status = 'pending'): Promise<string> {
    const id = randomUUID();
    const ended_at = status === 'pending' ? null : SOON;
    await insertRow(database, 'invitations', {
      ...{
        id,
        org_id: ORG,
        email: `${id}@example.com`,
        org_role_id: ROLES[1].id,
        invited_by_user_id: INVITER,
      },
      ...{ from_workspace: false, status, ended_at },
    });
    return id;
  }
  const oldMail = (job_id: string, invitation_id: string, fields: object = {}) =>
    insertRow(database, 'invitation_mails', { job_id, invitation_id, ...fields });

  it('is where this version reads it', async () => {
    const [known, moved, past] = [await token(), await token(), await token()];
    await notice(known, SOON, false);
    await notice(moved, LATER);
    await announcement(moved, SOON);
    await notice(past, PAST);
    await notice(randomUUID(), SOON); // of a key that was deleted since
    await database.query(
      `insert into expiry_notices (credential_id, days_before, expires_at) values (md5($1 || $2)::uuid, 7, $3)`,
      [GROUP, USER, SOON],
    );
    const [sent, refused, failed, taken, resent, ended] = [
      await invitation(),
      await invitation(),
      await invitation(),
      await invitation(),
      await invitation(),
      await invitation('revoked'),
    ];
    const ids = Array.from({ length: 7 }, newId).sort(); // within a millisecond, they come in any order
    const mail = (id: string, invitation_id: string) =>
      insertRow(database, 'mails', { id, kind: 'invitation-mails', invitation_id });
    await oldMail(ids[0]!, sent, { handed_over_at: PAST });
    await oldMail(ids[1]!, refused, { refused_at: PAST, refusal_code: '550' });
    await oldMail(ids[2]!, failed);
    await oldMail(ids[3]!, taken, { handed_over_at: PAST });
    await mail(ids[4]!, taken);
    await mail(ids[5]!, resent);
    await oldMail(ids[6]!, resent, { handed_over_at: PAST });
    await oldMail(newId(), ended);
    await insertRow(database, 'password_mails', { id: newId(), email: 'forgotten@example.com' });

    await migrateOn();

    const told = await database.query('select subject, expires_at, is_mailed from expiry_announcements');
    const expected = [
      { subject: known, expires_at: new Date(SOON), is_mailed: false },
      { subject: moved, expires_at: new Date(LATER), is_mailed: true },
      { subject: `${GROUP}/${USER}`, expires_at: new Date(SOON), is_mailed: true },
    ];
    expect(told).toHaveLength(expected.length);
    expect(told).toEqual(expect.arrayContaining(expected));
    expect(await database.query('select id, invitation_id, state, code from mails order by id')).toEqual([
      { id: ids[0], invitation_id: sent, state: 'sent', code: null },
      { id: ids[1], invitation_id: refused, state: 'refused', code: '550' },
      { id: ids[2], invitation_id: failed, state: 'abandoned', code: null },
      { id: ids[4], invitation_id: taken, state: 'queued', code: null },
      { id: ids[6], invitation_id: resent, state: 'sent', code: null },
    ]);
  });
});
