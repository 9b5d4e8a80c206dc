import type pg from 'pg';

/*
 * FROZEN, see floor-server.ts. The schema of the floor, in a database of its own: one organization of 10,000 people, each
 * in one workspace, with the indexes that its four statements need.
 */

const SCHEMA = `
  create table organizations (id uuid primary key, name text not null, is_disabled boolean not null default false);
  create table roles (id uuid primary key, name text not null, permissions text[] not null);
  create table users (id uuid primary key, email text not null unique, name text not null, avatar_url text);
  create table logins (
    id uuid primary key, user_id uuid not null references users, provider text not null,
    confirmed_at timestamptz, created_at timestamptz not null, updated_at timestamptz not null);
  create index on logins (user_id);
  create table memberships (
    id uuid not null unique, org_id uuid not null references organizations, user_id uuid not null references users,
    role_id uuid not null references roles, is_disabled boolean not null, created_at timestamptz not null,
    primary key (org_id, user_id));
  create index on memberships (org_id, created_at desc, user_id);
  create table workspaces (id uuid primary key, org_id uuid not null references organizations, name text not null);
  create table workspace_members (
    user_id uuid not null references users, workspace_id uuid not null references workspaces,
    primary key (user_id, workspace_id));
  create table keys (
    digest bytea primary key, org_id uuid not null references organizations,
    role_id uuid not null references roles, expires_at timestamptz);
  create table directory_users (
    id uuid primary key, org_id uuid not null references organizations, user_name text not null, name text not null,
    active boolean not null, unique (org_id, user_name));
  create table directory_tokens (digest bytea primary key, org_id uuid not null references organizations)`;

const ROWS = [
  `insert into organizations (id, name) values (gen_random_uuid(), 'Organization')`,
  `insert into workspaces (id, org_id, name) select gen_random_uuid(), id, 'Workspace' from organizations`,
  `insert into roles (id, name, permissions)
    select gen_random_uuid(), 'Admin', array_agg('organization:permission-' || n) from generate_series(1, 11) n`,
  `insert into users (id, email, name)
    select gen_random_uuid(), 'person-' || n || '-of-the-organization@example.com', 'Person ' || n
    from generate_series(1, 10000) n`,
  `insert into logins (id, user_id, provider, created_at, updated_at)
    select gen_random_uuid(), id, 'email', now(), now() from users`,
  `insert into memberships (id, org_id, user_id, role_id, is_disabled, created_at)
    select gen_random_uuid(), o.id, u.id, r.id, false, now() - random() * interval '1 year'
    from users u, organizations o, roles r`,
  `insert into workspace_members (user_id, workspace_id) select u.id, w.id from users u, workspaces w`,
  `insert into directory_users (id, org_id, user_name, name, active)
    select u.id, o.id, u.email, u.name, true from users u, organizations o`,
];

const KEY = `
  insert into keys (digest, org_id, role_id) select sha256($1::bytea), o.id, r.id from organizations o, roles r`;
const TOKEN = `insert into directory_tokens (digest, org_id) select sha256($1::bytea), id from organizations`;

/** Fills an empty database. `key` is the API key of a caller who may do everything, `token` that of a directory. */
export async function fillFloor(client: pg.Client, { key, token }: { key: string; token: string }) {
  await client.query(SCHEMA);
  for (const statement of ROWS) await client.query(statement);
  await client.query(KEY, [key]);
  await client.query(TOKEN, [token]);
  await client.query('vacuum analyze');
}
