import type { PostgresServer } from '../faults/support/postgres-server.js';
import { role } from '../support/fixtures.js';
import type { Ledger, Tenant } from './scenarios.js';

/** By the invariant of docs/architecture.md: a statement that returns what violates it. */
const INVARIANTS: Readonly<Record<string, string>> = {
  'one account per e-mail address, in canonical form': `
    select lower(email) from users group by lower(email) having count(*) > 1`,
  'one pending invitation per organization and address': `
    select org_id, email from invitations where status = 'pending' group by org_id, email having count(*) > 1`,
  'an invitation ends once': `
    select id from invitations where (status = 'pending') <> (ended_at is null)`,
  'a password that proves nothing goes with the last membership': `
    select user_id from passwords p where not address_proved and chosen_by = 'organization_admin'
      and not exists (select from org_memberships m where m.user_id = p.user_id)`,
  'a workspace member is a member of its organization': `
    select id from workspace_memberships w
    where not exists (select from org_memberships m where m.org_id = w.org_id and m.user_id = w.user_id)`,
  'a membership says how it was created': `
    select id from org_memberships where created_via = 'unknown'`,
  'what was created has its audit entry': `
    select m.id from org_memberships m where m.created_audit_entry_id is not null
      and not exists (select from audit_entries a where a.id = m.created_audit_entry_id)`,
  'a secret is that of one key': `
    select digest from (select digest from api_keys union all
      select previous_digest from api_keys where previous_digest is not null) as digests
    group by digest having count(*) > 1`,
  'tokens end with the membership': `
    select id from api_keys k where user_id is not null
      and not exists (select from org_memberships m where m.org_id = k.org_id and m.user_id = k.user_id)`,
  'at most one default organization': `
    select count(*) from organizations where is_default having count(*) > 1`,
  'an organization keeps an active admin': `
    select id from organizations o where not exists (
      select from org_memberships m where m.org_id = o.id and not m.is_disabled
        and m.role_id = '${role('ORGANIZATION_ADMIN')}')`,
  'a SCIM user is a member; a member of a SCIM group is a SCIM user': `
    select id from scim_users s
    where not exists (select from org_memberships m where m.org_id = s.org_id and m.user_id = s.user_id)`,
  'one SCIM record per userName in an organization': `
    select org_id, lower(user_name) from scim_users group by 1, 2 having count(*) > 1`,
  'counts of members, invitations and SCIM users are correct': `
    select org_id from headcounts h
    where members <> (select count(*) from org_memberships m where m.org_id = h.org_id)
      or pending <> (select count(*) from invitations i where i.org_id = h.org_id and status = 'pending')
      or scim_users <> (select count(*) from scim_users s where s.org_id = h.org_id)`,
  'a membership holds the address and the name of its user': `
    select m.id from org_memberships m join users u on u.id = m.user_id
    where m.user_email is distinct from u.email or m.user_full_name is distinct from u.full_name`,
  'the number of members of a workspace is correct': `
    select workspace_id from workspace_headcounts h
    where members <> (select count(*) from workspace_memberships m where m.workspace_id = h.workspace_id)`,
  'a webhook has a cursor': `
    select id from webhooks w where not exists (select from log_cursors c where c.id = w.id)`,
  'no transaction is left open': `
    select pid from pg_stat_activity
    where application_name like 'tenantry%' and state like 'idle in transaction%' and state_change < now() - interval '10 s'`,
};

/** The number of violations of each invariant that does not hold. */
export async function violations(postgres: PostgresServer): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [name, text] of Object.entries(INVARIANTS)) {
    const rows = await postgres.sql(text);
    if (rows.length > 0) found[name] = rows.length;
  }
  return found;
}

/** The column of each table that the ledger knows. */
const COLUMNS = { workspaces: 'display_name', roles: 'display_name', api_keys: 'description' } as const;

type Expected = {
  readonly ledger: Ledger;
  readonly tenants: readonly Tenant[];
  /** The addresses of people who were let in. */
  readonly signedIn: readonly string[];
};

/** Acknowledged writes of which the database knows nothing, or something else. */
export async function lostWrites(
  postgres: PostgresServer,
  { ledger, tenants, signedIn }: Expected,
): Promise<string[]> {
  const lost: string[] = [];
  for (const [table, column] of Object.entries(COLUMNS)) {
    const rows = await postgres.sql<{ id: string; value: string }>(
      `select id, ${column} as value from ${table}`,
    );
    const stored = new Map(rows.map(({ id, value }) => [id, value]));
    for (const [id, value] of ledger[table as keyof Ledger])
      if ((stored.get(id) ?? null) !== value) lost.push(`${table} ${id}: ${stored.get(id)}, not ${value}`);
  }
  const pending = await namesIn(postgres, `select email as name from invitations where status = 'pending'`);
  const provisioned = await namesIn(postgres, 'select user_name as name from scim_users');
  for (const { acknowledged } of tenants) {
    lost.push(
      ...acknowledged.invited.filter((each) => !pending.has(each)).map((each) => `invitation of ${each}`),
    );
    lost.push(
      ...acknowledged.provisioned.filter((each) => !provisioned.has(each)).map((each) => `SCIM user ${each}`),
    );
  }
  const accounts = await namesIn(postgres, 'select email as name from users');
  lost.push(...signedIn.filter((each) => !accounts.has(each)).map((each) => `account of ${each}`));
  return lost;
}

const namesIn = async (postgres: PostgresServer, text: string) =>
  new Set((await postgres.sql<{ name: string }>(text)).map(({ name }) => name));
