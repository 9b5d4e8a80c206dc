/** @takes-long */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anotherWorkspace, invitation, ORG_MEMBERS } from '../support/invitations.js';
import { allSealed, runAdmin } from '../support/audit-seals.js';
import type { Api } from '../support/api.js';
import { exchange } from '../support/exchange.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { createMembers } from '../support/members.js';
import { emptyFolder } from '../support/server-process.js';
import { grantOf } from '../support/grants.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { addTo, EDITOR, groupWith, userGroup, VIEWER } from '../support/user-groups.js';

const REPORT = '/api/v1/orgs/current/access-report';
const SERVICE_KEYS = '/api/v1/orgs/current/service-keys';

type Grant = Record<string, string | null>;
type Report = { organization_id: string; audit_log: { position: string; seal: string }; grants: Grant[] };

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '1' });
});
afterAll(() => t.close());

async function reportFor({ api }: { api: Api }): Promise<Report> {
  const { status, body } = await api.get(REPORT);
  if (status !== 200) throw new Error(`report: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Rows by RFC 4180; each begins with the columns of the first one. */
function parseCsv(text: string): Grant[] {
  const rows = [...text.replace(/^\uFEFF/, '').matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n]*)[,\r])+\n/g)].map(
    ([line]) =>
      [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,|\r\n)/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
  );
  const [names = [], ...cells] = rows;
  expect(cells.every(({ length }) => length === names.length)).toBe(true);
  return cells.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] || null])));
}

const csvFor = async ({ api }: { api: Api }) => (await api.get(`${REPORT}?format=csv`)).body as string;

/** The memberships, groups and roles of a person, as both the report and the explanation of a member say them. */
async function explained({ admin }: OrgWithAdmin, { membershipId }: Pick<Member, 'membershipId'>) {
  const { body } = await admin.api.get(`${ORG_MEMBERS}/${membershipId}/access`);
  const held = (one: Record<string, any>) => ({
    // eslint-disable-line -- as the server said
    id: one['identity_id'],
    source: one['source'],
    created_at: one['created_at'],
    given_by_user_id: one['by']?.user_id ?? null,
    given_by_email: one['by']?.email ?? null,
    given_by_credential_id: one['by']?.credential_id ?? null,
    role_changed_at: one['role_changed']?.at ?? null,
    role_changed_by_user_id: one['role_changed']?.by.user_id ?? null,
  });
  return [
    {
      kind: 'organization_membership',
      ...held(body.membership),
      organization_role_id: body.membership.role_id,
    },
    ...body.workspaces.flatMap((one: Record<string, any>) => [
      // eslint-disable-line -- as the server said
      ...(one['membership']
        ? [
            {
              ...{ kind: 'workspace_membership', ...held(one['membership']) },
              ...{ workspace_id: one['workspace_id'], workspace_role_id: one['membership'].role_id },
            },
          ]
        : []),
      ...one['user_groups'].map((group: Record<string, string>) => ({
        ...{
          kind: 'user_group_role',
          workspace_id: one['workspace_id'],
          workspace_role_id: group['role_id'],
        },
        ...{ user_group_id: group['user_group_id'], source: group['source'] },
      })),
    ]),
    ...body.user_groups.map((group: Record<string, string>) => ({
      ...{ kind: 'user_group_membership', user_group_id: group['user_group_id'], source: group['source'] },
      created_at: group['added_at'],
    })),
  ].map((one) => expect.objectContaining({ ...one, user_id: body.user_id, email: body.email }));
}

describe('the access report', () => {
  it('lists what the explanation of each member says, and says who gave it', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const people = await Promise.all(
      (['WORKSPACE_ADMIN', 'WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const).map((workspace) =>
        t.fixtures.member(org, { workspace }),
      ),
    );
    const [lead, second, third] = people as [Member, Member, Member];
    await groupWith(org, EDITOR, lead, third);
    await addTo(org.admin, await userGroup(org), second);
    await org.admin.api.patch(`${ORG_MEMBERS}/${second.membershipId}`, {
      role_id: role('ORGANIZATION_VIEWER'),
    });
    await t.sql('update org_memberships set is_disabled = true where id = $1', [third.membershipId]);
    const added = await t.fixtures.member(org, {});
    await lead.api.post('/api/v1/workspaces/current/members', { user_id: added.userId, role_id: VIEWER });

    const { grants } = await reportFor(org.admin);

    const expected = await Promise.all([org.admin, ...people, added].map((one) => explained(org, one)));
    expect(grants).toHaveLength(expected.flat().length);
    for (const one of expected.flat()) expect(grants).toContainEqual(one);
    const states = new Set(grants.filter((one) => one['user_id'] === third.userId).map(({ state }) => state));
    expect([...states]).toEqual(['disabled']);
  });

  it('lists invitations, keys and tokens, with who made them and when they end, and nothing that has ended', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const other = await t.fixtures.orgWithAdmin();
    await other.admin.api.post('/api/v1/api-key/current', { description: 'of another organization' });
    const [open, expired] = ['=1+1@example.com', t.fixtures.email()];
    const workspaces = { workspace_ids: [org.workspaceId], workspace_role_id: EDITOR };
    await invitation(org, { email: open, ...workspaces });
    await invitation(org, { email: expired, ...workspaces });
    await t.sql(`update invitations set expires_at = now() where email = $1`, [expired]);
    const { body: orgKey } = await org.admin.api.post(SERVICE_KEYS, {
      ...{ description: '=HYPERLINK("https://evil.example","x")', role_id: role('WORKSPACE_ADMIN') },
      org_role_id: role('ORGANIZATION_ADMIN'),
    });
    const byKey = t.api.as({ key: orgKey.key, orgId: org.orgId });
    const { body: key } = await byKey.post(SERVICE_KEYS, {
      ...{ role_id: VIEWER, workspaces: [org.workspaceId], expires_at: '2100-01-01T00:00:00Z' },
    });
    const { body: ended } = await org.admin.api.post(SERVICE_KEYS, { role_id: VIEWER });
    await t.sql('update api_keys set expires_at = now() where id = $1', [ended.id]);
    const { body: token } = await org.admin.api.post('/api/v1/api-key/current', { description: 'CLI' });
    const { body: scim } = await org.admin.api.post('/v1/platform/orgs/current/scim/tokens', {});

    const application = await grantOf(t.sql, org, org.admin);
    const { id: expiredGrant } = await grantOf(t.sql, org, org.admin, 'expired');
    await t.sql('update oauth_grants set expires_at = now() where id = $1', [expiredGrant]);

    const { grants } = await reportFor(org.admin);

    const givenBy = { given_by_user_id: org.admin.userId, given_by_email: org.admin.email };
    expect(grants.slice(-7)).toMatchObject([
      { kind: 'organization_invitation', email: open, state: 'pending', ...givenBy },
      { kind: 'workspace_invitation', email: open, workspace_role_id: EDITOR, ...givenBy },
      {
        kind: 'personal_access_token',
        id: token.id,
        user_id: org.admin.userId,
        description: 'CLI',
        ...givenBy,
      },
      {
        ...{ kind: 'application', id: application.id, user_id: org.admin.userId, state: 'active' },
        ...{ short_key: 'langsmith-cli', description: 'langsmith-cli (name)', ...givenBy },
      },
      {
        ...{
          kind: 'service_key',
          id: orgKey.id,
          workspace_id: null,
          workspace_role_name: 'Admin',
          ...givenBy,
        },
        organization_role_name: 'Organization Admin',
      },
      {
        ...{ kind: 'service_key', id: key.id, workspace_id: org.workspaceId, workspace_role_name: 'Viewer' },
        ...{ given_by_credential_id: orgKey.id, expires_at: '2100-01-01T00:00:00.000Z' },
      },
      { kind: 'scim_token', id: scim.id, short_key: scim.short_token ?? expect.any(String), ...givenBy },
    ]);
    expect(JSON.stringify(grants)).not.toContain(expired);
    expect(JSON.stringify(grants)).not.toContain(ended.id);
    expect(JSON.stringify(grants)).not.toContain(expiredGrant);
  });

  it('says when access ends and which role follows, and leaves out what has ended', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [ending, ended, reverted] = await Promise.all(
      [1, 2, 3].map(() => t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' })),
    );
    const end = (table: string, { userId }: Member, set: string) =>
      t.sql(`update ${table} set ${set} where user_id = $1`, [userId]);
    const revert = `reverts_to_role_id = '${EDITOR}'`;
    await groupWith(org, VIEWER, ending!, ended!);
    await end('workspace_memberships', ending!, `access_expires_at = '2100-01-01', ${revert}`);
    await end('user_group_members', ending!, `access_expires_at = '2100-01-02'`);
    await end('org_memberships', ended!, 'access_expires_at = now()');
    await end('workspace_memberships', reverted!, `access_expires_at = now(), ${revert}`);

    const { grants } = await reportFor(org.admin);

    const of = ({ userId }: Member) => grants.filter((one) => one['user_id'] === userId);
    const permanent = { access_expires_at: null, reverts_to_role_id: null };
    const inGroup = { access_expires_at: '2100-01-02T00:00:00.000Z', reverts_to_role_id: null };
    expect(of(ended!)).toEqual([]);
    expect(of(ending!)).toMatchObject([
      { kind: 'organization_membership', ...permanent },
      {
        ...{ kind: 'workspace_membership', workspace_role_name: 'Admin' },
        ...{ access_expires_at: '2100-01-01T00:00:00.000Z', reverts_to_role_name: 'Editor' },
      },
      { kind: 'user_group_membership', ...inGroup },
      { kind: 'user_group_role', ...inGroup },
    ]);
    expect(of(reverted!)).toMatchObject([
      { kind: 'organization_membership' },
      { kind: 'workspace_membership', workspace_role_name: 'Editor', ...permanent },
    ]);
  });

  it('leaves out what an invitation no longer offers in one of its workspaces', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const elsewhere = await anotherWorkspace(org);
    const row = { email: 'offered@example.com', workspace_ids: [org.workspaceId, elsewhere] };
    const [invited] = (await org.admin.api.post(`${ORG_MEMBERS}/batch`, [row])).body;
    await t.sql(
      'update invitation_workspaces set access_expires_at = now() where invitation_id = $1 and workspace_id = $2',
      [invited.id, org.workspaceId],
    );

    const { grants } = await reportFor(org.admin);

    const offered = grants.filter(({ email }) => email === row.email);
    expect(offered.map(({ kind, workspace_id }) => [kind, workspace_id])).toEqual([
      ['organization_invitation', null],
      ['workspace_invitation', elsewhere],
    ]);
  });

  it('has no role by a user group while the organization may not use user groups', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    await groupWith(org, EDITOR, member);
    const rolesByGroups = async () =>
      (await reportFor(org.admin)).grants.filter(({ kind }) => kind === 'user_group_role');
    expect(await rolesByGroups()).toMatchObject([{ user_id: member.userId, workspace_role_id: EDITOR }]);

    await t.sql('update organizations set can_use_user_groups = false where id = $1', [org.orgId]);

    expect(await rolesByGroups()).toEqual([]);
  });

  it('is the same as CSV, whose first row is the head of the audit log and in which no cell is a formula', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await t.fixtures.member(org, { email: '=cmd@example.com', workspace: 'WORKSPACE_USER' });
    await t.sql(`update users set full_name = '@SUM(A1), "quoted"' where email = '=cmd@example.com'`);
    const formulas = [
      '＝1+1',
      '＋1',
      '－1',
      '＠SUM(A1)',
      '  =1+1',
      '\u00a0\u200b=1+1',
      '\u200d\ufeff＝1',
      '\n-1',
    ];
    for (const name of formulas) {
      const { userId } = await t.fixtures.member(org, {});
      await t.sql('update users set full_name = $2 where id = $1', [userId, name]);
    }
    await reportFor(org.admin); // leaves an entry, which is sealed then
    await allSealed(t);

    const { grants, audit_log: log } = await reportFor(org.admin);
    const text = await csvFor(org.admin);

    const [head, ...rows] = parseCsv(text);
    expect(head).toMatchObject({
      ...{ kind: 'audit_log_head', id: org.orgId },
      ...{ audit_log_position: log.position, audit_log_seal: log.seal },
    });
    const asCells = (grant: Grant) => ({ ...grant, audit_log_position: null, audit_log_seal: null });
    const unmarked = (row: Grant) =>
      Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell?.replace(/^'/, '') ?? null]));
    expect(rows.map(unmarked)).toEqual(grants.map(asCells));
    expect(rows.map(({ email }) => email)).toContain("'=cmd@example.com");
    const names = rows.map(({ full_name: name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([`'@SUM(A1), "quoted"`, ...formulas.map((name) => `'${name}`)]),
    );
  });

  it('is for Organization Admins and keys of that rank, and each reading leaves one entry', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { body: key } = await org.admin.api.post(SERVICE_KEYS, {
      ...{ role_id: role('WORKSPACE_ADMIN'), org_role_id: role('ORGANIZATION_ADMIN') },
    });
    const { body: weaker } = await org.admin.api.post(SERVICE_KEYS, {
      ...{ role_id: VIEWER, org_role_id: role('ORGANIZATION_ADMIN') },
    });
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const user = await t.fixtures.member(org, {});
    const withKey = (one: { key: string }) => t.api.as({ key: one.key, orgId: org.orgId });

    expect((await withKey(key).get(REPORT)).status).toBe(200);
    for (const api of [withKey(weaker), operator.api]) {
      const { status, headers } = await api.get(REPORT);
      expect([status, headers.get('x-error-code')]).toEqual([403, 'only_admins_read_access_reports']);
    }
    expect(await user.api.get(REPORT)).toMatchObject({ status: 403 });
    expect(await org.admin.api.get(`${REPORT}?format=xlsx`)).toMatchObject({ status: 422 });
    await csvFor(org.admin);
    const entries = await t.sql(
      `select credential_kind, details->>'format' as format from audit_entries
       where org_id = $1 and operation = 'get_access_report' and succeeded order by position`,
      [org.orgId],
    );
    expect(entries).toEqual([
      { credential_kind: 'service-key', format: 'json' },
      { credential_kind: 'session', format: 'csv' },
    ]);
  });

  it('is streamed for thousands of members, with the same rows in both formats', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const members = await createMembers(t, org, 5_000);
    const token = await t.fixtures.login(org.admin.email, org.admin.password);
    const headers = { authorization: `Bearer ${token}`, 'x-organization-id': org.orgId };

    const json = await exchange(`${t.url}${REPORT}`, { method: 'GET', headers });
    const csv = await exchange(`${t.url}${REPORT}?format=csv`, { method: 'GET', headers });

    const { grants } = JSON.parse(json.text) as Report;
    expect([json, csv].map(({ headers: sent }) => sent.get('content-length'))).toEqual([null, null]);
    expect(grants).toHaveLength(2 * (members.length + 1));
    const rows = parseCsv(csv.text).slice(1);
    expect(rows.map(({ id }) => id)).toEqual(grants.map(({ id }) => id));
  });
});

describe('audit:verify --export', () => {
  const folder = emptyFolder();
  afterAll(() => folder.remove());

  const verify = async (report: string, ...args: string[]) => {
    const file = join(folder.path, 'report');
    writeFileSync(file, report);
    const { code, lines } = await runAdmin(t, 'audit:verify', '--export', file, ...args);
    return { code, last: lines.at(-1) };
  };

  it('confirms that the head of a report belongs to the audit log, and finds reports of another one', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await reportFor(org.admin);
    await allSealed(t);
    const report = await reportFor(org.admin);
    const csv = await csvFor(org.admin);
    await allSealed(t); // later seals

    const [sequence, mac = ''] = report.audit_log.seal.split(':');
    const confirmed = { code: 0, last: `The report belongs to this audit log: it names seal ${sequence}.` };
    expect(await verify(JSON.stringify(report))).toEqual(confirmed);
    expect(await verify(JSON.stringify(report, null, 2))).toEqual(confirmed);
    expect(await verify(csv)).toEqual(confirmed);
    const forged = csv.replace(
      mac,
      mac.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    expect(await verify(forged)).toEqual({
      code: 1,
      last: `The report does not belong to this audit log: seal ${sequence} differs from the report.`,
    });
    const moved = csv.replace(`,${report.audit_log.position},`, ',1,');
    expect(await verify(moved)).toMatchObject({ code: 1, last: expect.stringContaining('differs from') });
    const later = csv.replace(`,${sequence}:`, ',99:');
    expect(await verify(later)).toMatchObject({ code: 1, last: expect.stringContaining('is missing') });
    expect(await verify(csv, '--org', org.admin.userId)).toMatchObject({
      ...{ code: 1, last: expect.stringContaining(org.orgId) },
    });
    for (const other of ['', '{}', 'kind,id\r\naudit_log_head,x\r\n', csv.replace(org.orgId, 'x')])
      expect(await verify(other)).toMatchObject({
        code: 1,
        last: expect.stringContaining('is not an access report'),
      });
    const { code, lines } = await runAdmin(t, 'audit:verify', '--export', join(folder.path, 'missing'));
    expect([code, lines.at(-1)]).toEqual([1, expect.stringContaining('cannot be read')]);
  });

  it('says with an exit code of its own when there is nothing to compare', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await reportFor(org.admin);
    await allSealed(t);
    const report = await reportFor(org.admin);
    expect(await verify(JSON.stringify({ ...report, audit_log: null }))).toEqual({
      ...{ code: 3, last: 'Nothing was sealed when the report was made, so it names no seal.' },
    });
  });
});
