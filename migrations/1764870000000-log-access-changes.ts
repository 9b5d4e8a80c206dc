import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The log of committed changes that end cached access, and the registry of the replicas that cache
 * (docs/decisions/0061). Triggers write the log in the transaction of the change, whoever makes it. A row names whose
 * entries the change concerns: a user, an organization, a credential, or with the nil UUID everybody.
 */
export class LogAccessChanges1764870000000 implements MigrationInterface {
  name = 'LogAccessChanges1764870000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table access_changes (
        xid bigint not null,
        subject_id uuid not null,
        constraint access_changes_pkey primary key (xid, subject_id))`);
    await runner.query(`
      create table access_cache_replicas (
        id uuid not null,
        seen text,
        renewed_at timestamptz not null,
        constraint access_cache_replicas_pkey primary key (id))`);
    await runner.query(LOG);
    for (const [table, { subject, columns, isInsertLogged, extra }] of Object.entries(SOURCES)) {
      await runner.query(changeFunction(table, { subject, columns, isInsertLogged, extra }));
      for (const statement of triggersOf(table, isInsertLogged !== undefined)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(SOURCES))
      await runner.query(`drop function log_${table}_changes cascade`);
    await runner.query('drop function log_access_changes');
    await runner.query('drop table access_cache_replicas, access_changes');
  }
}

const EVERYBODY = `'00000000-0000-0000-0000-000000000000'::uuid`;

/** More subjects than this in one statement: everybody, since replicas then read one row. */
const MOST_SUBJECTS = 200;

/**
 * Tells the client, too, which waits after the commit until all replicas have read the log: the severity INFO is always
 * sent to clients, whatever \`client_min_messages\` says.
 */
const LOG = `
  create function log_access_changes(subject_ids uuid[]) returns void language plpgsql as $$
  begin
    if cardinality(subject_ids) = 0 then return; end if;
    insert into access_changes (xid, subject_id)
      select distinct pg_current_xact_id()::text::bigint, subject_id
      from unnest(case when cardinality(subject_ids) > ${MOST_SUBJECTS} then array[${EVERYBODY}] else subject_ids end)
        as s (subject_id)
      where subject_id is not null
      on conflict do nothing;
    raise info 'access changed' using detail = pg_current_xact_id()::text;
  end $$`;

type Source = {
  /** Whose entries a change of a row concerns, as an expression over the row. */
  subject: string;
  /** What decides access, the key and the subject included; other columns may change without an entry. */
  columns: string;
  /** The condition under which an inserted row \`r\` is logged; without it, none is. */
  isInsertLogged?: string;
  /** Further subjects of an update. */
  extra?: string;
};

/** Times that end earlier than before; a cached entry ends at its own, earlier time in any case. */
const SHORTENED_SESSIONS = `
  select n.id from new_rows n join old_rows o on o.id = n.id
  where n.expires_at < o.expires_at
    or coalesce(n.confirmed_until, 'infinity') < coalesce(o.confirmed_until, 'infinity')
    or coalesce(n.refresh_due_at, 'infinity') < coalesce(o.refresh_due_at, 'infinity')`;

/** Which organization is the default one of a user depends on all of their organizations that are not disabled. */
const DISABLED_ORGANIZATIONS = `
  select ${EVERYBODY} from new_rows n join old_rows o on o.id = n.id where n.is_disabled <> o.is_disabled`;

/** No cache can know a row that this transaction has created. */
const isNew = (table: string, id: string) => `exists (
  select from ${table} t where t.id = ${id} and t.created_at = now() and t.xmin = pg_current_xact_id()::xid)`;

const OF_KNOWN_USER = `not ${isNew('users', 'r.user_id')}`;

const SOURCES: Readonly<Record<string, Source>> = {
  api_keys: {
    subject: 'id',
    columns: `id, digest, kind, user_id, org_id, org_role_id, workspace_role_id, is_org_wide, default_workspace_id,
      revoked_at, expires_at`,
  },
  api_key_workspaces: {
    subject: 'api_key_id',
    columns: 'api_key_id, workspace_id',
    isInsertLogged: `not ${isNew('api_keys', 'r.api_key_id')}`,
  },
  sessions: {
    subject: 'id',
    columns: 'id, user_id, token_digest, method',
    extra: SHORTENED_SESSIONS,
  },
  users: { subject: 'id', columns: 'id, email' },
  org_memberships: {
    subject: 'user_id',
    columns: 'id, org_id, user_id, role_id, is_disabled, created_at',
    isInsertLogged: OF_KNOWN_USER,
  },
  workspace_memberships: {
    subject: 'user_id',
    columns: 'id, workspace_id, org_id, user_id, role_id',
    isInsertLogged: OF_KNOWN_USER,
  },
  user_group_roles: {
    subject: 'user_id',
    columns: 'user_id, workspace_id, role_id',
    isInsertLogged: OF_KNOWN_USER,
  },
  roles: {
    subject: `coalesce(org_id, ${EVERYBODY})`,
    columns: 'id, org_id, name, display_name, access_scope, permissions',
  },
  organizations: { subject: 'id', columns: '*', extra: DISABLED_ORGANIZATIONS },
  workspaces: {
    subject: 'org_id',
    columns: '*',
    isInsertLogged: `not ${isNew('organizations', 'r.org_id')}`,
  },
};

/** Rows that only one side has, by the columns that decide. */
const changed = (columns: string) => `
  (select ${columns} from old_rows except select ${columns} from new_rows)
  union all (select ${columns} from new_rows except select ${columns} from old_rows)`;

function changeFunction(table: string, { subject, columns, isInsertLogged, extra }: Source): string {
  const distinct = (from: string) => `array(select distinct ${subject} from (${from}) r)`;
  const insert = isInsertLogged
    ? `when 'INSERT' then perform log_access_changes(${distinct(`select * from new_rows r where ${isInsertLogged}`)});`
    : '';
  const others = extra ? ` || array(${extra})` : '';
  return `
    create function log_${table}_changes() returns trigger language plpgsql as $$
    begin
      case tg_op
        ${insert}
        when 'UPDATE' then perform log_access_changes(${distinct(changed(columns))}${others});
        when 'DELETE' then perform log_access_changes(${distinct('select * from old_rows')});
        else perform log_access_changes(array[${EVERYBODY}]);
      end case;
      return null;
    end $$`;
}

function triggersOf(table: string, isInsertLogged: boolean): string[] {
  const trigger = (event: string, rows: string) => `
    create trigger log_access_${event} after ${event} on ${table} ${rows}
      for each statement execute function log_${table}_changes()`;
  return [
    ...(isInsertLogged ? [trigger('insert', 'referencing new table as new_rows')] : []),
    trigger('update', 'referencing old table as old_rows new table as new_rows'),
    trigger('delete', 'referencing old table as old_rows'),
    trigger('truncate', ''),
  ];
}
