import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users, organizations, workspaces, memberships, invitations, credentials and the audit log. */
export class CreateTenancy1764000000000 implements MigrationInterface {
  name = 'CreateTenancy1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...FOREIGN_KEYS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table
      rate_windows, audit_entries, api_key_workspaces, api_keys, sessions, passwords, invitation_workspaces, invitations, headcounts, workspace_memberships, deleted_workspaces, workspaces, org_memberships, organizations, roles, login_methods, users`);
  }
}

const TABLES = [
  `create table users (
    id uuid not null,
    email text not null,
    full_name text,
    avatar_url text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint users_email_key unique (email),
    constraint users_email_is_canonical check (email = lower(btrim(email)) and email <> ''),
    constraint users_pkey primary key (id))`,

  `create table login_methods (
    id uuid not null,
    user_id uuid not null,
    provider text not null,
    issuer text,
    subject text,
    provisioning_method text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint login_methods_outside_has_subject check ((provider = 'email') = (issuer is null and subject is null)),
    constraint login_methods_provider_is_known check (provider in ('email', 'custom-oidc')),
    constraint login_methods_pkey primary key (id))`,
  `create index login_methods_user_id_idx on login_methods (user_id)`,
  `create unique index login_methods_one_owner_per_subject on login_methods (issuer, subject)`,
  `create unique index login_methods_one_password_per_user on login_methods (user_id) where provider = 'email'`,

  `create table roles (
    id uuid not null,
    org_id uuid,
    name text not null,
    display_name text not null,
    description text not null,
    access_scope text not null,
    permissions text[] not null,
    created_at timestamptz not null default now(),
    constraint roles_display_name_is_unique_in_org unique (org_id, display_name),
    constraint roles_allow_something check (cardinality(permissions) > 0),
    constraint roles_custom_are_for_workspaces check (org_id is null or (access_scope = 'workspace' and name = 'CUSTOM')),
    constraint roles_scope_is_known check (access_scope in ('organization', 'workspace')),
    constraint roles_pkey primary key (id))`,
  `create index roles_org_id_idx on roles (org_id)`,

  `create table organizations (
    id uuid not null,
    display_name text not null,
    is_personal boolean not null default false,
    is_disabled boolean not null default false,
    is_default boolean not null default false,
    created_by_user_id uuid,
    created_at timestamptz not null default now(),
    modified_at timestamptz not null default now(),
    max_identities integer not null default -1,
    max_workspaces integer not null default -1,
    invites_enabled boolean not null default true,
    jit_provisioning_enabled boolean not null default true,
    workspace_admin_can_invite_to_org boolean not null default false,
    sso_only boolean not null default false,
    pat_creation_disabled boolean not null default false,
    max_api_key_expiry_days integer,
    max_pat_expiry_days integer,
    max_service_key_expiry_days integer,
    security_contact text,
    scim_group_name_separator text not null default ':',
    preferences jsonb not null default '{}',
    constraint organizations_limits_are_sane check (max_identities >= -1 and max_workspaces >= -1),
    constraint organizations_separator_is_one_character check (char_length(scim_group_name_separator) = 1),
    constraint organizations_pkey primary key (id))`,
  `create index organizations_created_by_user_id_idx on organizations (created_by_user_id)`,
  `create unique index organizations_one_personal_per_user on organizations (created_by_user_id) where is_personal`,
  `create unique index organizations_one_default on organizations (is_default) where is_default`,

  `create table org_memberships (
    id uuid not null,
    org_id uuid not null,
    user_id uuid not null,
    role_id uuid not null,
    is_disabled boolean not null default false,
    source text not null,
    created_at timestamptz not null default now(),
    constraint org_memberships_one_per_user unique (org_id, user_id),
    constraint org_memberships_source_is_known check (source in ('manual', 'invitation', 'jit', 'sso_group', 'scim', 'bootstrap')),
    constraint org_memberships_pkey primary key (id))`,
  `create index org_memberships_user_id_idx on org_memberships (user_id)`,
  `create index org_memberships_role_id_idx on org_memberships (role_id)`,
  `create index org_memberships_by_role on org_memberships (org_id, role_id)`,
  `create index org_memberships_by_age on org_memberships (org_id, created_at, id, user_id, role_id)`,
  `create index org_memberships_disabled on org_memberships (org_id, user_id) where is_disabled`,

  `create table workspaces (
    id uuid not null,
    org_id uuid not null,
    display_name text not null,
    tenant_handle text,
    created_at timestamptz not null default now(),
    constraint workspaces_tenant_handle_key unique (tenant_handle),
    constraint workspaces_id_org_id_key unique (id, org_id),
    constraint workspaces_pkey primary key (id))`,
  `create index workspaces_by_age on workspaces (org_id, created_at, id)`,

  `create table deleted_workspaces (
    id uuid not null,
    org_id uuid not null,
    display_name text not null,
    tenant_handle text,
    created_at timestamptz not null,
    deleted_at timestamptz not null default now(),
    constraint deleted_workspaces_pkey primary key (id))`,
  `create index deleted_workspaces_org_id_idx on deleted_workspaces (org_id)`,

  `create table workspace_memberships (
    id uuid not null,
    org_id uuid not null,
    workspace_id uuid not null,
    user_id uuid not null,
    role_id uuid not null,
    source text not null,
    created_at timestamptz not null default now(),
    constraint workspace_memberships_one_per_user unique (workspace_id, user_id),
    constraint workspace_memberships_source_is_known check (source in ('manual', 'invitation', 'jit', 'sso_group', 'scim', 'bootstrap')),
    constraint workspace_memberships_pkey primary key (id))`,
  `create index workspace_memberships_user_id_idx on workspace_memberships (user_id)`,
  `create index workspace_memberships_role_id_idx on workspace_memberships (role_id)`,
  `create index workspace_memberships_by_person on workspace_memberships (org_id, user_id)`,
  `create index workspace_memberships_by_age on workspace_memberships (workspace_id, created_at, id, user_id, role_id)`,

  `create table headcounts (
    org_id uuid not null,
    members integer not null default 0,
    pending integer not null default 0,
    constraint headcounts_are_not_negative check (members >= 0 and pending >= 0),
    constraint headcounts_pkey primary key (org_id))`,

  `create table invitations (
    id uuid not null,
    org_id uuid not null,
    email text not null,
    full_name text,
    org_role_id uuid not null,
    status text not null default 'pending',
    from_workspace boolean not null,
    invited_by_user_id uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    ended_at timestamptz,
    constraint invitations_status_is_known check (status in ('pending', 'accepted', 'declined', 'revoked')),
    constraint invitations_email_is_canonical check (email = lower(btrim(email)) and email <> ''),
    constraint invitations_pkey primary key (id))`,
  `create index invitations_org_role_id_idx on invitations (org_role_id)`,
  `create index invitations_by_age on invitations (org_id, status, created_at, id)`,
  `create unique index invitations_one_pending_per_email on invitations (email, org_id) where status = 'pending'`,

  `create table invitation_workspaces (
    invitation_id uuid not null,
    workspace_id uuid not null,
    org_id uuid not null,
    role_id uuid not null,
    created_at timestamptz not null default now(),
    constraint invitation_workspaces_pkey primary key (invitation_id, workspace_id))`,
  `create index invitation_workspaces_role_id_idx on invitation_workspaces (role_id)`,
  `create index invitation_workspaces_by_workspace on invitation_workspaces (workspace_id, invitation_id)`,

  `create table passwords (
    user_id uuid not null,
    digest text not null,
    updated_at timestamptz not null default now(),
    constraint passwords_pkey primary key (user_id))`,

  `create table sessions (
    id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    constraint sessions_pkey primary key (id))`,
  `create index sessions_user_id_idx on sessions (user_id)`,
  `create index sessions_by_expiry on sessions (expires_at)`,

  `create table api_keys (
    id uuid not null,
    kind text not null,
    org_id uuid not null,
    digest bytea not null,
    short_key text not null,
    description text not null,
    read_only boolean not null default false,
    user_id uuid,
    is_org_wide boolean not null default false,
    org_role_id uuid,
    workspace_role_id uuid,
    default_workspace_id uuid,
    created_by_user_id uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    constraint api_keys_digest_key unique (digest),
    constraint api_keys_org_wide_keys_have_an_org_role check (org_role_id is null or (kind = 'service' and is_org_wide)),
    constraint api_keys_service_keys_have_a_role check ((kind = 'service') = (workspace_role_id IS not null)),
    constraint api_keys_tokens_have_an_owner check ((kind = 'pat') = (user_id IS not null)),
    constraint api_keys_kind_is_known check (kind in ('pat', 'service')),
    constraint api_keys_pkey primary key (id))`,
  `create index api_keys_org_role_id_idx on api_keys (org_role_id)`,
  `create index api_keys_workspace_role_id_idx on api_keys (workspace_role_id)`,
  `create index api_keys_default_workspace_id_idx on api_keys (default_workspace_id)`,
  `create index api_keys_by_owner on api_keys (org_id, user_id)`,
  `create index api_keys_by_age on api_keys (org_id, kind, created_at)`,

  `create table api_key_workspaces (
    api_key_id uuid not null,
    workspace_id uuid not null,
    org_id uuid not null,
    constraint api_key_workspaces_pkey primary key (api_key_id, workspace_id))`,
  `create index api_key_workspaces_by_workspace on api_key_workspaces (workspace_id, org_id)`,

  `create table audit_entries (
    id uuid not null,
    created_at timestamptz not null default now(),
    org_id uuid,
    workspace_id uuid,
    operation text not null,
    succeeded boolean not null,
    user_id uuid,
    credential_kind text,
    credential_id uuid,
    resource_ids uuid[] not null,
    request_method text,
    request_path text,
    client_host inet,
    client_port integer,
    forwarded_for text,
    response_status integer,
    constraint audit_entries_pkey primary key (id))`,
  `create index audit_entries_by_org on audit_entries (org_id, created_at, id)`,

  `create table rate_windows (
    key bytea not null,
    started_at timestamptz not null,
    hits integer not null,
    constraint rate_windows_pkey primary key (key))`,
  `create index rate_windows_by_start on rate_windows (started_at)`,
];

/** Created after all tables, since they refer to each other. */
const FOREIGN_KEYS = [
  `alter table login_methods ADD constraint login_methods_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade`,
  `alter table roles ADD constraint roles_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade`,
  `alter table organizations ADD constraint organizations_created_by_user_id_fkey
    foreign key (created_by_user_id) references users(id) on delete set null`,
  `alter table org_memberships ADD constraint org_memberships_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade`,
  `alter table org_memberships ADD constraint org_memberships_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade`,
  `alter table org_memberships ADD constraint org_memberships_role_id_fkey
    foreign key (role_id) references roles(id) on delete restrict`,
  `alter table workspaces ADD constraint workspaces_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade`,
  `alter table deleted_workspaces ADD constraint deleted_workspaces_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade`,
  `alter table workspace_memberships ADD constraint workspace_memberships_role_id_fkey
    foreign key (role_id) references roles(id) on delete restrict`,
  `alter table workspace_memberships ADD constraint workspace_memberships_workspace_id_org_id_fkey
    foreign key (workspace_id, org_id) references workspaces(id,org_id) on delete cascade`,
  `alter table workspace_memberships ADD constraint workspace_memberships_org_id_user_id_fkey
    foreign key (org_id, user_id) references org_memberships(org_id,user_id) on delete cascade`,
  `alter table headcounts ADD constraint headcounts_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade`,
  `alter table invitations ADD constraint invitations_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade`,
  `alter table invitations ADD constraint invitations_org_role_id_fkey
    foreign key (org_role_id) references roles(id) on delete restrict`,
  `alter table invitation_workspaces ADD constraint invitation_workspaces_invitation_id_fkey
    foreign key (invitation_id) references invitations(id) on delete cascade`,
  `alter table invitation_workspaces ADD constraint invitation_workspaces_role_id_fkey
    foreign key (role_id) references roles(id) on delete restrict`,
  `alter table invitation_workspaces ADD constraint invitation_workspaces_workspace_id_org_id_fkey
    foreign key (workspace_id, org_id) references workspaces(id,org_id) on delete cascade`,
  `alter table passwords ADD constraint passwords_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade`,
  `alter table sessions ADD constraint sessions_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade`,
  `alter table api_keys ADD constraint api_keys_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade`,
  `alter table api_keys ADD constraint api_keys_org_role_id_fkey
    foreign key (org_role_id) references roles(id) on delete restrict`,
  `alter table api_keys ADD constraint api_keys_workspace_role_id_fkey
    foreign key (workspace_role_id) references roles(id) on delete restrict`,
  `alter table api_keys ADD constraint api_keys_default_workspace_id_fkey
    foreign key (default_workspace_id) references workspaces(id) on delete set null`,
  `alter table api_keys ADD constraint api_keys_org_id_user_id_fkey
    foreign key (org_id, user_id) references org_memberships(org_id,user_id) on delete cascade`,
  `alter table api_key_workspaces ADD constraint api_key_workspaces_api_key_id_fkey
    foreign key (api_key_id) references api_keys(id) on delete cascade`,
  `alter table api_key_workspaces ADD constraint api_key_workspaces_workspace_id_org_id_fkey
    foreign key (workspace_id, org_id) references workspaces(id,org_id) on delete cascade`,
];
