-- The tables of 0.7.0 (docs/decisions/0129). Views, functions and triggers are in src/database/schema, what changed since in later migrations.

comment on table migrations is 'The applied migrations, written by TypeORM.';

-- People

create table users (
  id uuid not null,
  email text not null,
  full_name text,
  avatar_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_pkey primary key (id),
  constraint users_email_key unique (email),
  constraint users_email_is_canonical check (email = lower(btrim(email)) and email <> ''),
  constraint users_id_is_not_nil check (id <> '00000000-0000-0000-0000-000000000000')
);
comment on table users is 'An account, one in all organizations.';
comment on column users.id is 'Also the ls_user_id of the API. Never the nil UUID.';
comment on column users.email is 'In canonical form: trimmed, in lower case.';

create table login_methods (
  id uuid not null,
  user_id uuid not null,
  provider text not null,
  issuer text,
  subject text,
  provisioning_method text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  email_confirmed_at timestamptz,
  email_confirmed_by text,
  provider_email text,
  provider_username text,
  constraint login_methods_pkey primary key (id),
  constraint login_methods_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade,
  constraint login_methods_confirmation_has_a_source
    check ((email_confirmed_at is null) = (email_confirmed_by is null)),
  constraint login_methods_confirmation_source_is_known check (email_confirmed_by in ('provider', 'mail')),
  constraint login_methods_only_providers_say
    check (provider <> 'email' or (provider_email is null and provider_username is null)),
  constraint login_methods_outside_has_subject check ((provider = 'email') = (issuer is null and subject is null)),
  constraint login_methods_provider_is_known check (provider in ('email', 'custom-oidc')),
  constraint login_methods_provisioning_is_known check (provisioning_method in ('bootstrap', 'scim'))
);
create index login_methods_user_id_idx on login_methods (user_id);
create unique index login_methods_one_owner_per_subject on login_methods (issuer, subject);
create unique index login_methods_one_password_per_user on login_methods (user_id) where provider = 'email';
comment on table login_methods is
  'A way to sign in to an account, without its secret. A login at a provider is identified by issuer and subject.';
comment on column login_methods.issuer is 'Null: a login with a password.';
comment on column login_methods.subject is 'The value of the claim that identifies users. Null: a login with a password.';
comment on column login_methods.provisioning_method is 'What created the login. Null: a sign-in.';
comment on column login_methods.email_confirmed_at is 'When the user first proved the address of the account with this login.';
comment on column login_methods.email_confirmed_by is 'What proved it: the provider, or a mailed link.';
comment on column login_methods.provider_email is
  'As the provider sent it at the last sign-in, verified or not; may differ from the account.';
comment on column login_methods.provider_username is 'The claim preferred_username of the last sign-in.';

-- Organizations

create table organizations (
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
  sso_login_slug text,
  mail_language text,
  api_key_creation_from_api_keys_enabled boolean not null default true,
  can_use_user_groups boolean not null default true,
  ip_allowlist text[] not null default '{}',
  scim_roles_enabled boolean not null default false,
  required_acr text[] not null default '{}',
  required_amr text[] not null default '{}',
  max_authentication_age integer,
  constraint organizations_pkey primary key (id),
  constraint organizations_sso_login_slug_key unique (sso_login_slug),
  constraint organizations_created_by_user_id_fkey
    foreign key (created_by_user_id) references users(id) on delete set null,
  constraint organizations_ip_allowlist_is_short check (cardinality(ip_allowlist) <= 100),
  constraint organizations_limits_are_sane check (max_identities >= -1 and max_workspaces >= -1),
  constraint organizations_mail_language_is_a_tag check (mail_language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
  constraint organizations_separator_is_one_character check (char_length(scim_group_name_separator) = 1),
  constraint organizations_sign_in_requirement_is_sane
    check (cardinality(required_acr) <= 10 and cardinality(required_amr) <= 10 and max_authentication_age between 300 and 7776000)
);
create index organizations_created_by_user_id_idx on organizations (created_by_user_id);
create unique index organizations_one_personal_per_user on organizations (created_by_user_id) where is_personal;
create unique index organizations_one_default on organizations (is_default) where is_default;
comment on table organizations is 'An organization with its settings and limits.';
comment on column organizations.is_personal is 'Created by a user for themselves.';
comment on column organizations.is_default is 'Single sign-on adds new users to this organization; true in one row at most.';
comment on column organizations.max_identities is 'Seats of members and pending invitations; -1: unlimited.';
comment on column organizations.max_workspaces is '-1: unlimited.';
comment on column organizations.max_api_key_expiry_days is 'For both kinds of keys. Null: no limit.';
comment on column organizations.max_pat_expiry_days is 'For personal access tokens. Null: no limit.';
comment on column organizations.max_service_key_expiry_days is 'For service keys. Null: no limit.';
comment on column organizations.preferences is
  'Settings of the product behind this API: stored and returned here, applied there.';
comment on column organizations.sso_login_slug is
  'Identifies the login page. Null: the organization never had settings for single sign-on.';
comment on column organizations.mail_language is 'A language tag. Null: that of the installation.';
comment on column organizations.api_key_creation_from_api_keys_enabled is 'Whether keys and tokens may create keys.';
comment on column organizations.can_use_user_groups is 'Whether user groups can be managed and have an effect.';
comment on column organizations.ip_allowlist is 'Addresses and networks from which requests are accepted. Empty: from all.';
comment on column organizations.scim_roles_enabled is 'Whether the attribute roles of SCIM users gives roles.';
comment on column organizations.required_acr is 'A session needs one of these acr values. Empty: any.';
comment on column organizations.required_amr is 'A session needs all of these amr values.';
comment on column organizations.max_authentication_age is
  'How long ago the user of a session may have signed in at the identity provider, in seconds. Null: any time.';

create table headcounts (
  org_id uuid not null,
  members integer not null default 0,
  pending integer not null default 0,
  pending_seats integer not null default 0,
  scim_users integer not null default 0,
  constraint headcounts_pkey primary key (org_id),
  constraint headcounts_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint headcounts_are_not_negative check (members >= 0 and pending >= 0 and pending_seats >= 0)
);
comment on table headcounts is
  'The numbers of members, pending invitations and SCIM users of an organization. Triggers write it.';
comment on column headcounts.pending is 'All pending invitations, also expired ones.';
comment on column headcounts.pending_seats is
  'The pending invitations that take a seat: without expired ones that were counted out.';

-- Roles and access policies

create table roles (
  id uuid not null,
  org_id uuid,
  name text not null,
  display_name text not null,
  description text not null,
  access_scope text not null,
  permissions text[] not null,
  created_at timestamptz not null default now(),
  constraint roles_pkey primary key (id),
  constraint roles_display_name_is_unique_in_org unique (org_id, display_name),
  constraint roles_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint roles_allow_something check (cardinality(permissions) > 0),
  constraint roles_custom_are_for_workspaces
    check (org_id is null or (access_scope = 'workspace' and name = 'CUSTOM')),
  constraint roles_scope_is_known check (access_scope in ('organization', 'workspace'))
);
comment on table roles is 'A named set of permissions: a system role, or a custom workspace role of an organization.';
comment on column roles.org_id is 'Null: a system role.';
comment on column roles.name is 'The name of a system role; CUSTOM for the others.';
comment on column roles.permissions is 'In the order in which they were sent.';

create table role_restrictions (
  org_id uuid not null,
  role_id uuid not null,
  created_at timestamptz not null default now(),
  constraint role_restrictions_pkey primary key (org_id, role_id),
  constraint role_restrictions_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint role_restrictions_role_id_fkey
    foreign key (role_id) references roles(id) on delete cascade
);
create index role_restrictions_role_id_idx on role_restrictions (role_id);
comment on table role_restrictions is 'The organization restricts who may assign this role.';

create table access_policies (
  id uuid not null,
  org_id uuid not null,
  name text not null,
  description text not null,
  effect text not null,
  condition_groups jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint access_policies_pkey primary key (id),
  constraint access_policies_name_is_unique_in_org unique (org_id, name),
  constraint access_policies_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint access_policies_effect_is_known check (effect in ('allow', 'deny'))
);
comment on table access_policies is
  'Allows or denies a permission by resource tags, for holders of the roles and groups to which it is attached.';
comment on column access_policies.condition_groups is 'Validated before it is stored, and not when it is read.';
comment on column access_policies.updated_at is 'When the policy was last changed, attached or detached.';

create table access_policy_roles (
  access_policy_id uuid not null,
  role_id uuid not null,
  created_at timestamptz not null default now(),
  constraint access_policy_roles_pkey primary key (access_policy_id, role_id),
  constraint access_policy_roles_access_policy_id_fkey
    foreign key (access_policy_id) references access_policies(id) on delete cascade,
  constraint access_policy_roles_role_id_fkey
    foreign key (role_id) references roles(id) on delete cascade
);
create index access_policy_roles_role_id_idx on access_policy_roles (role_id);
comment on table access_policy_roles is
  'Attaches an access policy to a workspace role; to a system role only within the organization of the policy.';

-- Members

create table org_memberships (
  id uuid not null,
  org_id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  is_disabled boolean not null default false,
  source text not null,
  created_at timestamptz not null default now(),
  created_via text not null default 'unknown',
  invitation_id uuid,
  created_by_user_id uuid,
  created_by_key_id uuid,
  created_audit_entry_id uuid,
  role_changed_at timestamptz,
  role_changed_by_user_id uuid,
  role_changed_by_key_id uuid,
  role_changed_audit_entry_id uuid,
  user_email text not null default '',
  user_full_name text,
  access_expires_at timestamptz,
  access_expires_set_by_user_id uuid,
  reverts_to_role_id uuid,
  constraint org_memberships_pkey primary key (id),
  constraint org_memberships_one_per_user unique (org_id, user_id),
  constraint org_memberships_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint org_memberships_reverts_to_role_id_fkey
    foreign key (reverts_to_role_id) references roles(id) on delete restrict,
  constraint org_memberships_role_id_fkey
    foreign key (role_id) references roles(id) on delete restrict,
  constraint org_memberships_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade,
  constraint org_memberships_created_via_is_known
    check (created_via in ('invitation', 'direct_add', 'organization_creation', 'workspace_creation', 'jit', 'sso_group',
      'scim_user', 'scim_group', 'bootstrap', 'operator', 'unknown')),
  constraint org_memberships_invitation_created_it check (invitation_id is null or created_via = 'invitation'),
  constraint org_memberships_of_providers_have_no_end
    check (access_expires_at is null or source not in ('scim', 'sso_group')),
  constraint org_memberships_revert_at_an_end check (reverts_to_role_id is null or access_expires_at is not null),
  constraint org_memberships_source_is_known
    check (source in ('manual', 'invitation', 'jit', 'sso_group', 'scim', 'bootstrap'))
);
create index org_memberships_user_id_idx on org_memberships (user_id);
create index org_memberships_role_id_idx on org_memberships (role_id);
create index org_memberships_by_age on org_memberships (org_id, created_at, id, user_id, role_id);
create index org_memberships_disabled on org_memberships (org_id, user_id) where is_disabled;
create index org_memberships_invitation_id_idx on org_memberships (invitation_id) where invitation_id is not null;
create index org_memberships_by_name on org_memberships (org_id, user_full_name, id);
create index org_memberships_by_email on org_memberships (org_id, user_email collate "C", id);
create index org_memberships_by_role on org_memberships (org_id, role_id, id);
create index org_memberships_by_end on org_memberships (access_expires_at) where access_expires_at is not null;
create index org_memberships_ending on org_memberships (org_id, access_expires_at, id)
  where access_expires_at is not null;
create index org_memberships_reverts_to_role_id_idx on org_memberships (reverts_to_role_id)
  where reverts_to_role_id is not null;
comment on table org_memberships is
  'The membership of a user in an organization, with the role: the organization identity of the API.';
comment on column org_memberships.id is 'The identity_id of the API.';
comment on column org_memberships.is_disabled is 'Deactivated: the member has no access and keeps the role.';
comment on column org_memberships.source is 'What the membership follows: only this source removes it automatically.';
comment on column org_memberships.created_via is 'How the row was created; "unknown" for rows that are older than this column.';
comment on column org_memberships.invitation_id is
  'The accepted invitation; no foreign key, since the id outlives the invitation.';
comment on column org_memberships.created_by_user_id is
  'Who invited or added the user. Null: a rule or a service key did. No foreign key.';
comment on column org_memberships.created_by_key_id is 'The API key or SCIM token that added the user. No foreign key.';
comment on column org_memberships.created_audit_entry_id is 'The audit entry of the creation. No foreign key.';
comment on column org_memberships.role_changed_at is 'The latest manual change of the role. Null: never changed.';
comment on column org_memberships.role_changed_by_user_id is 'Who changed the role. No foreign key.';
comment on column org_memberships.role_changed_by_key_id is 'The API key with which the role was changed. No foreign key.';
comment on column org_memberships.role_changed_audit_entry_id is 'The audit entry of that change. No foreign key.';
comment on column org_memberships.user_email is 'A copy of users.email, for the order of lists. Triggers write it.';
comment on column org_memberships.user_full_name is 'A copy of users.full_name, for the order of lists. Triggers write it.';
comment on column org_memberships.access_expires_at is
  'When this ends, or the role becomes the other one. Null: permanent. Compared with now() at each use.';
comment on column org_memberships.access_expires_set_by_user_id is
  'The user who set the end. Null: none, or a key did. No foreign key.';
comment on column org_memberships.reverts_to_role_id is 'The role from the end on. Null: the membership ends.';

create table ended_memberships (
  org_id uuid not null,
  user_id uuid not null,
  membership_id uuid not null,
  role_id uuid not null,
  ended_at timestamptz not null,
  set_by_user_id uuid,
  constraint ended_memberships_pkey primary key (org_id, user_id),
  constraint ended_memberships_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint ended_memberships_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade
);
create index ended_memberships_user_id_idx on ended_memberships (user_id);
comment on table ended_memberships is
  'A membership in an organization that has ended at its date: it does not come back by signing in, until somebody gives access again.';
comment on column ended_memberships.membership_id is 'The former identity_id. No foreign key.';
comment on column ended_memberships.role_id is 'The last role. No foreign key.';
comment on column ended_memberships.set_by_user_id is 'The user who set the end. Null: none, or a key did. No foreign key.';

create table member_activity (
  membership_id uuid not null,
  last_active_at timestamptz not null,
  constraint member_activity_pkey primary key (membership_id),
  constraint member_activity_membership_id_fkey
    foreign key (membership_id) references org_memberships(id) on delete cascade
);
comment on table member_activity is
  'When a member last sent a request, written once a minute at most. No row: not since activity is stored.';

-- Workspaces

create table workspaces (
  id uuid not null,
  org_id uuid not null,
  display_name text not null,
  tenant_handle text,
  created_at timestamptz not null default now(),
  name_counts_in_groups boolean not null default true,
  name_set_by_admin boolean not null default true,
  requestable boolean not null default false,
  constraint workspaces_pkey primary key (id),
  constraint workspaces_tenant_handle_key unique (tenant_handle),
  constraint workspaces_id_org_id_key unique (id, org_id),
  constraint workspaces_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade
);
create index workspaces_by_age on workspaces (org_id, created_at, id);
comment on table workspaces is 'A workspace of an organization.';
comment on column workspaces.tenant_handle is 'Of the published API. Null: none.';
comment on column workspaces.name_counts_in_groups is 'Whether group names may refer to the workspace by its name.';
comment on column workspaces.name_set_by_admin is
  'Whether an Organization Admin set the name, so that group names with it may make operators.';
comment on column workspaces.requestable is 'Whether members of the organization may ask for a role in it.';

create table deleted_workspaces (
  id uuid not null,
  org_id uuid not null,
  display_name text not null,
  tenant_handle text,
  created_at timestamptz not null,
  deleted_at timestamptz not null default now(),
  constraint deleted_workspaces_pkey primary key (id),
  constraint deleted_workspaces_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade
);
create index deleted_workspaces_org_id_idx on deleted_workspaces (org_id);
create index deleted_workspaces_by_age on deleted_workspaces (deleted_at);
comment on table deleted_workspaces is 'A deleted workspace, for lists that include deleted ones.';

create table workspace_memberships (
  id uuid not null,
  org_id uuid not null,
  workspace_id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  source text not null,
  created_at timestamptz not null default now(),
  created_via text not null default 'unknown',
  invitation_id uuid,
  created_by_user_id uuid,
  created_by_key_id uuid,
  created_audit_entry_id uuid,
  role_changed_at timestamptz,
  role_changed_by_user_id uuid,
  role_changed_by_key_id uuid,
  role_changed_audit_entry_id uuid,
  user_email text not null default '',
  user_full_name text,
  org_access_ends_at timestamptz,
  access_expires_at timestamptz,
  access_expires_set_by_user_id uuid,
  reverts_to_role_id uuid,
  constraint workspace_memberships_pkey primary key (id),
  constraint workspace_memberships_org_id_user_id_fkey
    foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade,
  constraint workspace_memberships_reverts_to_role_id_fkey
    foreign key (reverts_to_role_id) references roles(id) on delete restrict,
  constraint workspace_memberships_role_id_fkey
    foreign key (role_id) references roles(id) on delete restrict,
  constraint workspace_memberships_workspace_id_org_id_fkey
    foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade,
  constraint workspace_memberships_created_via_is_known
    check (created_via in ('invitation', 'direct_add', 'organization_creation', 'workspace_creation', 'jit', 'sso_group',
      'scim_user', 'scim_group', 'bootstrap', 'operator', 'unknown')),
  constraint workspace_memberships_invitation_created_it check (invitation_id is null or created_via = 'invitation'),
  constraint workspace_memberships_of_providers_have_no_end
    check (access_expires_at is null or source not in ('scim', 'sso_group')),
  constraint workspace_memberships_revert_at_an_end
    check (reverts_to_role_id is null or access_expires_at is not null),
  constraint workspace_memberships_source_is_known
    check (source in ('manual', 'invitation', 'jit', 'sso_group', 'scim', 'bootstrap'))
);
create index workspace_memberships_user_id_idx on workspace_memberships (user_id);
create index workspace_memberships_role_id_idx on workspace_memberships (role_id);
create index workspace_memberships_by_person on workspace_memberships (org_id, user_id);
create index workspace_memberships_by_age on workspace_memberships (workspace_id, created_at, id, user_id, role_id);
create index workspace_memberships_invitation_id_idx on workspace_memberships (invitation_id)
  where invitation_id is not null;
create index workspace_memberships_by_name on workspace_memberships (workspace_id, user_full_name, id);
create index workspace_memberships_by_email on workspace_memberships (workspace_id, user_email collate "C", id);
create index workspace_memberships_by_role on workspace_memberships (workspace_id, role_id, id);
create index workspace_memberships_by_end on workspace_memberships (access_expires_at)
  where access_expires_at is not null;
create index workspace_memberships_ending on workspace_memberships (workspace_id, access_expires_at, id)
  where access_expires_at is not null;
create index workspace_memberships_ending_with_org on workspace_memberships (workspace_id, org_access_ends_at)
  where org_access_ends_at is not null;
create index workspace_memberships_reverts_to_role_id_idx on workspace_memberships (reverts_to_role_id)
  where reverts_to_role_id is not null;
-- After the index by age, since of two indexes with the same costs PostgreSQL chooses the later one.
alter table workspace_memberships add constraint workspace_memberships_one_per_user
  unique (workspace_id, user_id) include (id, created_at, user_full_name);
comment on table workspace_memberships is 'The membership of a user in a workspace, with the role there.';
comment on column workspace_memberships.source is 'What the membership follows: only this source removes it automatically.';
comment on column workspace_memberships.created_via is
  'How the row was created; "unknown" for rows that are older than this column.';
comment on column workspace_memberships.invitation_id is
  'The accepted invitation; no foreign key, since the id outlives the invitation.';
comment on column workspace_memberships.created_by_user_id is
  'Who invited or added the user. Null: a rule or a service key did. No foreign key.';
comment on column workspace_memberships.created_by_key_id is 'The API key or SCIM token that added the user. No foreign key.';
comment on column workspace_memberships.created_audit_entry_id is 'The audit entry of the creation. No foreign key.';
comment on column workspace_memberships.role_changed_at is 'The latest manual change of the role. Null: never changed.';
comment on column workspace_memberships.role_changed_by_user_id is 'Who changed the role. No foreign key.';
comment on column workspace_memberships.role_changed_by_key_id is 'The API key with which the role was changed. No foreign key.';
comment on column workspace_memberships.role_changed_audit_entry_id is 'The audit entry of that change. No foreign key.';
comment on column workspace_memberships.user_email is 'A copy of users.email, for the order of lists. Triggers write it.';
comment on column workspace_memberships.user_full_name is 'A copy of users.full_name, for the order of lists. Triggers write it.';
comment on column workspace_memberships.org_access_ends_at is
  'A copy of the end of the organization membership. Null: it does not end. Triggers write it.';
comment on column workspace_memberships.access_expires_at is
  'When this ends, or the role becomes the other one. Null: permanent. Compared with now() at each use.';
comment on column workspace_memberships.access_expires_set_by_user_id is
  'The user who set the end. Null: none, or a key did. No foreign key.';
comment on column workspace_memberships.reverts_to_role_id is 'The role from the end on. Null: the membership ends.';

create table workspace_headcounts (
  workspace_id uuid not null,
  members integer not null default 0,
  constraint workspace_headcounts_pkey primary key (workspace_id),
  constraint workspace_headcounts_workspace_id_fkey
    foreign key (workspace_id) references workspaces(id) on delete cascade,
  constraint workspace_headcounts_are_not_negative check (members >= 0)
);
comment on table workspace_headcounts is 'The number of members of a workspace. Triggers write it.';

-- Tags

create table tag_keys (
  id uuid not null,
  workspace_id uuid not null,
  key text not null,
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tag_keys_pkey primary key (id),
  constraint tag_keys_id_workspace_id_key unique (id, workspace_id),
  constraint tag_keys_key_is_unique_in_workspace unique (workspace_id, key),
  constraint tag_keys_workspace_id_fkey
    foreign key (workspace_id) references workspaces(id) on delete cascade
);
comment on table tag_keys is 'A name with which resources of a workspace can be tagged.';

create table tag_values (
  id uuid not null,
  tag_key_id uuid not null,
  workspace_id uuid not null,
  value text not null,
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tag_values_pkey primary key (id),
  constraint tag_values_id_workspace_id_key unique (id, workspace_id),
  constraint tag_values_value_is_unique_of_key unique (tag_key_id, workspace_id, value),
  constraint tag_values_tag_key_id_workspace_id_fkey
    foreign key (tag_key_id, workspace_id) references tag_keys(id, workspace_id) on delete cascade
);
create index tag_values_by_workspace on tag_values (workspace_id);
comment on table tag_values is 'A value of a tag key.';

create table taggings (
  id uuid not null,
  tag_value_id uuid not null,
  workspace_id uuid not null,
  resource_type text not null,
  resource_id uuid not null,
  created_at timestamptz not null default now(),
  constraint taggings_pkey primary key (id),
  constraint taggings_once_per_resource unique (tag_value_id, workspace_id, resource_type, resource_id),
  constraint taggings_tag_value_id_workspace_id_fkey
    foreign key (tag_value_id, workspace_id) references tag_values(id, workspace_id) on delete cascade
);
create index taggings_by_resource on taggings (workspace_id, resource_id, resource_type);
comment on table taggings is 'A tag of one resource.';
comment on column taggings.resource_id is 'Of the product behind this API, which alone knows whether it exists.';

-- Service accounts and user groups

create table service_accounts (
  id uuid not null,
  org_id uuid not null,
  name text not null,
  identity_id uuid not null,
  default_workspace_id uuid,
  created_at timestamptz not null default now(),
  constraint service_accounts_pkey primary key (id),
  constraint service_accounts_name_is_unique_in_org unique (org_id, name),
  constraint service_accounts_id_org_id_key unique (id, org_id),
  constraint service_accounts_default_workspace_id_fkey
    foreign key (default_workspace_id) references workspaces(id) on delete set null,
  constraint service_accounts_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade
);
create index service_accounts_default_workspace_id_idx on service_accounts (default_workspace_id);
comment on table service_accounts is 'A named caller that is not a user: it takes no seat and is in no list of members.';
comment on column service_accounts.identity_id is 'The organization_identity_id of the API.';
comment on column service_accounts.default_workspace_id is
  'The first workspace at the creation. Null: none was given, or it was deleted.';

create table service_account_workspaces (
  service_account_id uuid not null,
  workspace_id uuid not null,
  org_id uuid not null,
  role_id uuid not null,
  constraint service_account_workspaces_pkey primary key (service_account_id, workspace_id),
  constraint service_account_workspaces_role_id_fkey
    foreign key (role_id) references roles(id) on delete restrict,
  constraint service_account_workspaces_service_account_id_org_id_fkey
    foreign key (service_account_id, org_id) references service_accounts(id, org_id) on delete cascade,
  constraint service_account_workspaces_workspace_id_org_id_fkey
    foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade
);
create index service_account_workspaces_by_workspace on service_account_workspaces (workspace_id, org_id);
create index service_account_workspaces_role_id_idx on service_account_workspaces (role_id);
comment on table service_account_workspaces is 'The role of a service account in a workspace.';

create table user_groups (
  id uuid not null,
  org_id uuid not null,
  name text not null,
  description text not null default '',
  idp_group_name text,
  idp_sync_enabled boolean not null default false,
  parent_user_group_id uuid,
  workspace_id uuid,
  role_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  access_expires_at timestamptz,
  access_expires_set_by_user_id uuid,
  requestable boolean not null default false,
  constraint user_groups_pkey primary key (id),
  constraint user_groups_id_org_id_key unique (id, org_id),
  constraint user_groups_one_grant_per_workspace unique (parent_user_group_id, workspace_id),
  constraint user_groups_one_per_idp_group unique (org_id, idp_group_name),
  constraint user_groups_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint user_groups_parent_user_group_id_org_id_fkey
    foreign key (parent_user_group_id, org_id) references user_groups(id, org_id) on delete cascade,
  constraint user_groups_role_id_fkey
    foreign key (role_id) references roles(id) on delete restrict,
  constraint user_groups_workspace_id_org_id_fkey
    foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade,
  constraint user_groups_grants_name_a_role check ((parent_user_group_id is null) = (role_id is null)),
  constraint user_groups_grants_name_a_workspace check ((parent_user_group_id is null) = (workspace_id is null)),
  constraint user_groups_names_are_short check (char_length(name) between 1 and 255),
  constraint user_groups_of_workspaces_have_no_sync check (parent_user_group_id is null or idp_group_name is null),
  constraint user_groups_only_grants_end check (access_expires_at is null or workspace_id is not null),
  constraint user_groups_sync_needs_a_name check (not idp_sync_enabled or idp_group_name is not null)
);
create unique index user_groups_one_per_name on user_groups (org_id, lower(name)) where parent_user_group_id is null;
create index user_groups_by_name on user_groups (org_id, name, id);
create index user_groups_by_workspace on user_groups (workspace_id, org_id);
create index user_groups_role_id_idx on user_groups (role_id);
create index user_groups_by_lower_name on user_groups (org_id, lower(name), id);
create index user_groups_by_end on user_groups (access_expires_at) where access_expires_at is not null;
comment on table user_groups is
  'A user group of an organization, or the part of one in a workspace, which is also the role that the group has there.';
comment on column user_groups.name is 'Of a part in a workspace: derived from the name of the group and the id of the workspace.';
comment on column user_groups.idp_group_name is
  'The group of the identity provider whose members are members of this one. Null: none.';
comment on column user_groups.parent_user_group_id is 'Null: a group of the organization, without workspace and role.';
comment on column user_groups.updated_at is 'Of a part in a workspace: when its role was last changed.';
comment on column user_groups.access_expires_at is 'When this ends. Null: permanent. Compared with now() at each use.';
comment on column user_groups.access_expires_set_by_user_id is
  'The user who set the end. Null: none, or a key did. No foreign key.';
comment on column user_groups.requestable is 'Whether members of the organization may ask to be in it.';

create table user_group_members (
  user_group_id uuid not null,
  user_id uuid not null,
  org_id uuid not null,
  source text not null,
  created_at timestamptz not null default now(),
  org_access_ends_at timestamptz,
  access_expires_at timestamptz,
  access_expires_set_by_user_id uuid,
  constraint user_group_members_pkey primary key (user_group_id, user_id),
  constraint user_group_members_org_id_user_id_fkey
    foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade,
  constraint user_group_members_user_group_id_org_id_fkey
    foreign key (user_group_id, org_id) references user_groups(id, org_id) on delete cascade,
  constraint user_group_members_of_providers_have_no_end
    check (access_expires_at is null or source not in ('scim', 'sso_group')),
  constraint user_group_members_source_is_known check (source in ('manual', 'scim', 'sso_group'))
);
create index user_group_members_by_user on user_group_members (user_id, org_id);
create index user_group_members_by_end on user_group_members (access_expires_at) where access_expires_at is not null;
create index user_group_members_ending on user_group_members (user_group_id, access_expires_at)
  where access_expires_at is not null;
create index user_group_members_by_notice on user_group_members ((md5(user_group_id::text || user_id::text)::uuid))
  where access_expires_at is not null;
comment on table user_group_members is 'A member of the organization in a user group.';
comment on column user_group_members.source is 'What added the user; each source removes only its own rows.';
comment on column user_group_members.org_access_ends_at is
  'A copy of the end of the organization membership. Null: it does not end. Triggers write it.';
comment on column user_group_members.access_expires_at is 'When this ends. Null: permanent. Compared with now() at each use.';
comment on column user_group_members.access_expires_set_by_user_id is
  'The user who set the end. Null: none, or a key did. No foreign key.';

create table user_group_roles (
  user_id uuid not null,
  workspace_id uuid not null,
  role_id uuid not null,
  sources integer not null,
  ends_at timestamptz not null default 'infinity',
  constraint user_group_roles_pkey primary key (user_id, workspace_id, role_id, ends_at),
  constraint user_group_roles_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade,
  constraint user_group_roles_workspace_id_fkey
    foreign key (workspace_id) references workspaces(id) on delete cascade,
  constraint user_group_roles_have_a_source check (sources > 0)
);
create index user_group_roles_workspace_id_idx on user_group_roles (workspace_id);
comment on table user_group_roles is
  'A role that a user has in a workspace through groups, whether they are a member of it or not. Triggers write it.';
comment on column user_group_roles.sources is 'The number of memberships in groups that give it.';
comment on column user_group_roles.ends_at is 'The earlier end of the membership in the group and of the grant.';

create table user_group_policies (
  id uuid not null,
  user_group_id uuid not null,
  org_id uuid not null,
  access_policy_id uuid not null,
  workspace_id uuid,
  created_at timestamptz not null default now(),
  constraint user_group_policies_pkey primary key (id),
  constraint user_group_policies_access_policy_id_fkey
    foreign key (access_policy_id) references access_policies(id) on delete cascade,
  constraint user_group_policies_user_group_id_org_id_fkey
    foreign key (user_group_id, org_id) references user_groups(id, org_id) on delete cascade,
  constraint user_group_policies_user_group_id_workspace_id_fkey
    foreign key (user_group_id, workspace_id) references user_groups(parent_user_group_id, workspace_id) on delete cascade
);
create unique index user_group_policies_one_for_all_workspaces on user_group_policies (user_group_id, access_policy_id)
  where (workspace_id is null);
create unique index user_group_policies_one_per_workspace on user_group_policies (user_group_id, workspace_id, access_policy_id)
  where (workspace_id is not null);
create index user_group_policies_by_group on user_group_policies (user_group_id, workspace_id);
create index user_group_policies_access_policy_id_idx on user_group_policies (access_policy_id);
comment on table user_group_policies is 'Attaches an access policy to a user group.';
comment on column user_group_policies.workspace_id is 'Null: in all workspaces in which the group has a role.';

create table user_group_service_accounts (
  user_group_id uuid not null,
  service_account_id uuid not null,
  org_id uuid not null,
  created_at timestamptz not null default now(),
  constraint user_group_service_accounts_pkey primary key (user_group_id, service_account_id),
  constraint user_group_service_accounts_service_account_id_org_id_fkey
    foreign key (service_account_id, org_id) references service_accounts(id, org_id) on delete cascade,
  constraint user_group_service_accounts_user_group_id_org_id_fkey
    foreign key (user_group_id, org_id) references user_groups(id, org_id) on delete cascade
);
create index user_group_service_accounts_by_account on user_group_service_accounts (service_account_id, org_id);
comment on table user_group_service_accounts is 'A service account in a user group.';

-- Invitations

create table invitations (
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
  takes_seat boolean not null default true,
  access_expires_at timestamptz,
  constraint invitations_pkey primary key (id),
  constraint invitations_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint invitations_org_role_id_fkey
    foreign key (org_role_id) references roles(id) on delete restrict,
  constraint invitations_email_is_canonical check (email = lower(btrim(email)) and email <> ''),
  constraint invitations_end_when_they_wait_no_more check ((status = 'pending') = (ended_at is null)),
  constraint invitations_status_is_known check (status in ('pending', 'accepted', 'declined', 'revoked'))
);
create index invitations_by_age on invitations (org_id, status, created_at, id);
create unique index invitations_one_pending_per_email on invitations (email, org_id) where status = 'pending';
create index invitations_by_expiry on invitations (takes_seat, expires_at) where status = 'pending';
create index invitations_ended_without_member on invitations (ended_at) where status in ('declined', 'revoked');
create index invitations_pending_by_name on invitations (org_id, full_name, id) where status = 'pending';
create index invitations_pending_by_email on invitations (org_id, email, id) include (full_name, created_at, org_role_id)
  where status = 'pending';
create index invitations_by_role on invitations (org_role_id, org_id, status, id);
comment on table invitations is
  'An offer to join an organization, addressed to an e-mail address. At most one per organization and address is pending.';
comment on column invitations.full_name is 'As the inviter wrote it; the user may have another one.';
comment on column invitations.from_workspace is 'Created at the level of a workspace: it ends with its last workspace.';
comment on column invitations.expires_at is 'Null: never. Compared with now() at each use.';
comment on column invitations.ended_at is 'When it was accepted, declined or revoked. Null: pending.';
comment on column invitations.takes_seat is 'False: expired, and counted out of the seats. Without meaning once it has ended.';
comment on column invitations.access_expires_at is 'The end of the membership that it offers. Null: permanent.';

create table invitation_workspaces (
  invitation_id uuid not null,
  workspace_id uuid not null,
  org_id uuid not null,
  role_id uuid not null,
  created_at timestamptz not null default now(),
  access_expires_at timestamptz,
  constraint invitation_workspaces_pkey primary key (invitation_id, workspace_id),
  constraint invitation_workspaces_invitation_id_fkey
    foreign key (invitation_id) references invitations(id) on delete cascade,
  constraint invitation_workspaces_role_id_fkey
    foreign key (role_id) references roles(id) on delete restrict,
  constraint invitation_workspaces_workspace_id_org_id_fkey
    foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade
);
create index invitation_workspaces_role_id_idx on invitation_workspaces (role_id);
create index invitation_workspaces_by_workspace on invitation_workspaces (workspace_id, invitation_id);
comment on table invitation_workspaces is 'A workspace that an invitation offers, with the role there.';
comment on column invitation_workspaces.access_expires_at is 'The end of the membership that it offers. Null: permanent.';

create table invitation_mails (
  invitation_id uuid not null,
  job_id uuid not null,
  handed_over_at timestamptz,
  refused_at timestamptz,
  refusal_code text,
  constraint invitation_mails_pkey primary key (invitation_id),
  constraint invitation_mails_job_id_key unique (job_id),
  constraint invitation_mails_invitation_id_fkey
    foreign key (invitation_id) references invitations(id) on delete cascade
);
comment on table invitation_mails is 'The latest mail of an invitation. Sending it again replaces the row.';
comment on column invitation_mails.job_id is 'The job of pg-boss.';
comment on column invitation_mails.handed_over_at is 'When the mail server accepted it. Null: due.';
comment on column invitation_mails.refused_at is
  'When the mail server refused the mail for good. Of no meaning once it was handed over.';
comment on column invitation_mails.refusal_code is
  'The code of that reply, with the enhanced code of RFC 3463 if it has one: 550 5.1.1.';

-- Sign-in

create table sessions (
  id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  method text not null default 'password',
  token_digest bytea,
  issuer text,
  subject text,
  provider_session_id text,
  sealed_refresh_token text,
  sealed_id_token text,
  confirmed_until timestamptz,
  refresh_due_at timestamptz,
  refreshing_until timestamptz,
  user_agent text,
  client_host text,
  last_used_at timestamptz,
  acr text,
  amr text[],
  authenticated_at timestamptz,
  provider_expires_at timestamptz,
  constraint sessions_pkey primary key (id),
  constraint sessions_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade,
  constraint sessions_are_confirmed_at_most_to_the_end check (confirmed_until <= expires_at),
  constraint sessions_method_is_known check (method in ('password', 'sso', 'break-glass')),
  constraint sessions_of_sso_have_a_login
    check (method <> 'sso'
      or (token_digest is not null and issuer is not null and subject is not null and confirmed_until is not null)),
  constraint sessions_refresh_with_a_token check ((refresh_due_at is null) = (sealed_refresh_token is null))
);
create index sessions_user_id_idx on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);
create unique index sessions_one_per_token on sessions (token_digest) where token_digest is not null;
create index sessions_by_provider_session on sessions (issuer, provider_session_id)
  where provider_session_id is not null;
create index sessions_by_subject on sessions (issuer, subject) where issuer is not null;
comment on table sessions is 'A signed-in user. Deleting the row ends the session at once.';
comment on column sessions.expires_at is 'The absolute end; no refresh extends it.';
comment on column sessions.token_digest is
  'A digest of the cookie of a single sign-on session. Null: found by the id in the token.';
comment on column sessions.subject is 'The claim sub, which logout tokens name; login methods may use another claim.';
comment on column sessions.provider_session_id is 'The claim sid, which logout tokens may name.';
comment on column sessions.sealed_refresh_token is 'Encrypted. Null: the provider sent none.';
comment on column sessions.sealed_id_token is 'Encrypted; sent to the provider at logout as id_token_hint.';
comment on column sessions.confirmed_until is
  'Valid without a refresh at the provider until this time. Null: not a single sign-on session.';
comment on column sessions.refresh_due_at is 'When the session is to be refreshed. Null: there is no refresh token.';
comment on column sessions.refreshing_until is 'A process refreshes the session; after this time it is taken for ended.';
comment on column sessions.user_agent is 'Of the sign-in, shortened.';
comment on column sessions.client_host is 'The address of the sign-in.';
comment on column sessions.last_used_at is 'Written once a minute at most.';
comment on column sessions.acr is 'The claim of the ID token of the sign-in. Null: it had none, or the session has no ID token.';
comment on column sessions.amr is 'As acr.';
comment on column sessions.authenticated_at is 'The claim auth_time, as acr.';
comment on column sessions.provider_expires_at is 'The claim session_expiry of the last ID token that had it. Null: none had.';

create table test_sign_ins (
  id uuid not null,
  session_id uuid not null,
  org_id uuid not null,
  expires_at timestamptz not null,
  returned_at timestamptz,
  sealed_result text,
  constraint test_sign_ins_pkey primary key (id),
  constraint test_sign_ins_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint test_sign_ins_session_id_fkey
    foreign key (session_id) references sessions(id) on delete cascade
);
create index test_sign_ins_by_expiry on test_sign_ins (expires_at);
create index test_sign_ins_session_id_idx on test_sign_ins (session_id);
create index test_sign_ins_org_id_idx on test_sign_ins (org_id);
comment on table test_sign_ins is
  'A test of single sign-on by an admin. Deleted when its result is read, and with the session that asked for it.';
comment on column test_sign_ins.session_id is
  'The session that asked: its browser alone may return from the provider, and it alone may read the result.';
comment on column test_sign_ins.returned_at is 'When the browser returned from the provider. Null: not yet.';
comment on column test_sign_ins.sealed_result is 'The result, encrypted, since it holds claims. Null: there is none yet.';

create table used_login_states (
  digest bytea not null,
  expires_at timestamptz not null,
  constraint used_login_states_pkey primary key (digest)
);
create index used_login_states_by_expiry on used_login_states (expires_at);
comment on table used_login_states is
  'A state of a sign-in that was used, so that it is not used twice. Kept until it would have expired.';
comment on column used_login_states.digest is 'SHA-256 of the state.';

create table used_logout_tokens (
  digest bytea not null,
  expires_at timestamptz not null,
  constraint used_logout_tokens_pkey primary key (digest)
);
create index used_logout_tokens_by_expiry on used_logout_tokens (expires_at);
comment on table used_logout_tokens is 'A logout token that was used. Kept until it would be refused as expired.';
comment on column used_logout_tokens.digest is 'SHA-256 of issuer and jti.';

create table login_networks (
  key bytea not null,
  last_success_at timestamptz not null,
  constraint login_networks_pkey primary key (key)
);
create index login_networks_by_success on login_networks (last_success_at);
comment on table login_networks is 'A network, or a network with an e-mail address, from which a login succeeded.';
comment on column login_networks.key is 'A keyed digest, so that the table shows neither users nor networks.';

create table email_confirmations (
  user_id uuid not null,
  digest bytea not null,
  email text not null,
  expires_at timestamptz not null,
  constraint email_confirmations_pkey primary key (user_id),
  constraint email_confirmations_digest_key unique (digest),
  constraint email_confirmations_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade
);
create index email_confirmations_by_expiry on email_confirmations (expires_at);
comment on table email_confirmations is 'The newest link by which a user confirms an address; it replaces older ones.';
comment on column email_confirmations.digest is 'A keyed digest of the token in the link.';
comment on column email_confirmations.email is 'The address to which the link was sent; it confirms no other address.';

-- Passwords

create table passwords (
  user_id uuid not null,
  digest text not null,
  updated_at timestamptz not null default now(),
  chosen_by text not null default 'unknown',
  vouching_org_id uuid,
  address_proved boolean not null default false,
  constraint passwords_pkey primary key (user_id),
  constraint passwords_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade,
  constraint passwords_vouching_org_id_fkey
    foreign key (vouching_org_id) references organizations(id) on delete cascade,
  constraint passwords_chooser_is_known
    check (chosen_by in ('owner', 'organization_admin', 'installation', 'unknown')),
  constraint passwords_origin_is_consistent
    check (case chosen_by
      when 'owner' then not (address_proved and vouching_org_id is not null)
      when 'unknown' then not address_proved and vouching_org_id is null
      else not address_proved and vouching_org_id is not null end)
);
create index passwords_vouching_org_id_idx on passwords (vouching_org_id);
comment on table passwords is 'The password of a user, with its origin.';
comment on column passwords.digest is 'An argon2id digest.';
comment on column passwords.chosen_by is 'Who chose the password; "unknown" for rows that are older than this column.';
comment on column passwords.vouching_org_id is
  'The organization whose admin chose this password, or the one that the user replaced by it.';
comment on column passwords.address_proved is 'The user set it after verifying the e-mail address.';

create table password_links (
  id uuid not null,
  digest bytea not null,
  purpose text not null,
  email text not null,
  user_id uuid,
  invitation_id uuid,
  org_id uuid,
  handed_over_by_user_id uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint password_links_pkey primary key (id),
  constraint password_links_digest_key unique (digest),
  constraint password_links_one_per_user_and_purpose unique (user_id, purpose),
  constraint password_links_one_per_invitation unique (invitation_id),
  constraint password_links_handed_over_by_user_id_fkey
    foreign key (handed_over_by_user_id) references users(id) on delete cascade,
  constraint password_links_invitation_id_fkey
    foreign key (invitation_id) references invitations(id) on delete cascade,
  constraint password_links_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint password_links_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade,
  constraint password_links_are_for_a_user_or_an_invitation
    check ((user_id is null) = (purpose = 'invitation') and (invitation_id is null) = (purpose <> 'invitation')),
  constraint password_links_forgotten_are_mailed check (purpose <> 'forgotten' or handed_over_by_user_id is null),
  constraint password_links_of_organizations_name_theirs check ((org_id is null) = (purpose = 'forgotten')),
  constraint password_links_purpose_is_known check (purpose in ('invitation', 'account', 'forgotten'))
);
create index password_links_by_expiry on password_links (expires_at);
create index password_links_org_id_idx on password_links (org_id);
create index password_links_handed_over_by_user_id_idx on password_links (handed_over_by_user_id);
comment on table password_links is
  'The newest link of a user for a purpose, or of an invitation, by which a password is chosen; it replaces older ones.';
comment on column password_links.digest is 'A keyed digest of the token in the link.';
comment on column password_links.email is
  'That of the user or invitation when the link was made; the link sets no password for another one.';
comment on column password_links.user_id is 'Null: the link is for an invitation.';
comment on column password_links.org_id is 'The organization that invites, or whose admin made the account or the link.';
comment on column password_links.handed_over_by_user_id is
  'The admin who received the link. Null: it was mailed, so that it proves the mailbox.';

create table password_mails (
  id uuid not null,
  email text not null,
  org_id uuid,
  created_at timestamptz not null default now(),
  handed_over_at timestamptz,
  constraint password_mails_pkey primary key (id),
  constraint password_mails_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade
);
create index password_mails_by_age on password_mails (created_at);
create index password_mails_org_id_idx on password_mails (org_id);
comment on table password_mails is
  'A mail with a password link that was asked for. Written for every address, so that a request does not show whether there is an account.';
comment on column password_mails.id is 'Also the id of the job of pg-boss.';
comment on column password_mails.org_id is 'The organization whose admin made the account. Null: the password was forgotten.';
comment on column password_mails.handed_over_at is 'When the mail server accepted it. Null: due.';

create table break_glass_passwords (
  user_id uuid not null,
  digest text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint break_glass_passwords_pkey primary key (user_id),
  constraint break_glass_passwords_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade
);
comment on table break_glass_passwords is
  'A temporary password that the operator made for an admin, for when single sign-on does not work.';
comment on column break_glass_passwords.digest is 'An argon2id digest.';

-- Keys and tokens

create table api_keys (
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
  revoked_at timestamptz,
  parent_key_id uuid,
  created_with_kind text,
  created_with_id uuid,
  maker_key_id uuid,
  previous_digest bytea,
  previous_ends_at timestamptz,
  rights_end_at timestamptz,
  sign_in_method text,
  acr text,
  amr text[],
  authenticated_at timestamptz,
  constraint api_keys_pkey primary key (id),
  constraint api_keys_digest_key unique (digest),
  constraint api_keys_id_org_id_key unique (id, org_id),
  constraint api_keys_default_workspace_id_fkey
    foreign key (default_workspace_id) references workspaces(id) on delete set null,
  constraint api_keys_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint api_keys_org_id_user_id_fkey
    foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade,
  constraint api_keys_org_role_id_fkey
    foreign key (org_role_id) references roles(id) on delete restrict,
  constraint api_keys_parent_key_id_fkey
    foreign key (parent_key_id) references api_keys(id) on delete cascade,
  constraint api_keys_workspace_role_id_fkey
    foreign key (workspace_role_id) references roles(id) on delete restrict,
  constraint api_keys_created_with_is_complete check ((created_with_kind is null) = (created_with_id is null)),
  constraint api_keys_created_with_kind_is_known
    check (created_with_kind in ('session', 'personal-access-token', 'service-key')),
  constraint api_keys_kind_is_known check (kind in ('pat', 'service')),
  constraint api_keys_org_wide_keys_have_an_org_role check (org_role_id is null or (kind = 'service' and is_org_wide)),
  constraint api_keys_previous_secret_is_another check (previous_digest <> digest),
  constraint api_keys_previous_secret_is_complete check ((previous_digest is null) = (previous_ends_at is null)),
  constraint api_keys_service_keys_have_a_role check ((kind = 'service') = (workspace_role_id IS not null)),
  constraint api_keys_sign_in_method_is_known check (sign_in_method in ('password', 'sso', 'break-glass')),
  constraint api_keys_tokens_alone_are_revoked_and_have_parents
    check (kind = 'pat' or (revoked_at is null and parent_key_id is null)),
  constraint api_keys_tokens_have_an_owner check ((kind = 'pat') = (user_id IS not null))
);
create index api_keys_org_role_id_idx on api_keys (org_role_id);
create index api_keys_workspace_role_id_idx on api_keys (workspace_role_id);
create index api_keys_default_workspace_id_idx on api_keys (default_workspace_id);
create index api_keys_by_owner on api_keys (org_id, user_id);
create index api_keys_by_age on api_keys (org_id, kind, created_at);
create index api_keys_by_expiry on api_keys (expires_at) where expires_at is not null;
create index api_keys_parent_key_id_idx on api_keys (parent_key_id);
create index api_keys_by_maker on api_keys (maker_key_id) where maker_key_id is not null;
create unique index api_keys_previous_digest_key on api_keys (previous_digest) where previous_digest is not null;
create index api_keys_by_creator on api_keys (org_id, created_by_user_id, created_at, id) where kind = 'service';
create index api_keys_by_last_use on api_keys (org_id, kind, last_used_at, created_at, id) where revoked_at is null;
create index api_keys_by_end on api_keys (org_id, kind, expires_at, created_at, id) where revoked_at is null;
comment on table api_keys is
  'A personal access token or a service key, stored as a digest. A token acts with the current roles of its owner, a service key with roles of its own.';
comment on column api_keys.digest is 'A keyed digest of the secret, which is shown once and not stored.';
comment on column api_keys.short_key is 'The part of the key that lists show.';
comment on column api_keys.user_id is 'The owner of a personal access token. Null: a service key.';
comment on column api_keys.is_org_wide is
  'The service key works in all workspaces, also future ones. False: in those of api_key_workspaces.';
comment on column api_keys.org_role_id is 'The role of an organization-wide service key in the organization. Null: none.';
comment on column api_keys.workspace_role_id is 'The role of a service key in its workspaces. Null: a personal access token.';
comment on column api_keys.default_workspace_id is 'The workspace of requests that name none.';
comment on column api_keys.created_by_user_id is
  'The user who created the key, directly or with another key. Null: unknown, or deleted.';
comment on column api_keys.expires_at is 'Null: never.';
comment on column api_keys.last_used_at is 'Written every few seconds at most. Null: not used yet.';
comment on column api_keys.revoked_at is 'Not accepted since then. Null: accepted; null again after reinstatement.';
comment on column api_keys.parent_key_id is 'The token with which this token was created and with which it ends.';
comment on column api_keys.created_with_kind is
  'The kind of credential with which it was created. Null: unknown (older rows), or the operator created it.';
comment on column api_keys.created_with_id is 'The id of that credential, which may have been deleted since; no foreign key.';
comment on column api_keys.maker_key_id is
  'The key or token with which it was created or, once that is deleted, the next one with which that was created. A trigger passes it on.';
comment on column api_keys.previous_digest is
  'The digest of the secret before the last rotation. Null: that ended at once, or there was none.';
comment on column api_keys.previous_ends_at is 'Until then the secret before the last rotation is accepted, too.';
comment on column api_keys.rights_end_at is
  'When the rights of the creator end with which it was created. Null: they did not end then. It gives no rank for longer.';
comment on column api_keys.sign_in_method is
  'Of the session with which a personal access token was created, or of the token. Null: unknown, as of service keys.';
comment on column api_keys.acr is 'Of the ID token of that sign-in.';
comment on column api_keys.amr is 'Of the ID token of that sign-in.';
comment on column api_keys.authenticated_at is 'The auth_time of the ID token of that sign-in.';

create table api_key_workspaces (
  api_key_id uuid not null,
  workspace_id uuid not null,
  org_id uuid not null,
  position integer not null default 0,
  constraint api_key_workspaces_pkey primary key (api_key_id, workspace_id),
  constraint api_key_workspaces_api_key_id_org_id_fkey
    foreign key (api_key_id, org_id) references api_keys(id, org_id) on delete cascade,
  constraint api_key_workspaces_workspace_id_org_id_fkey
    foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade
);
create index api_key_workspaces_by_workspace on api_key_workspaces (workspace_id, org_id);
comment on table api_key_workspaces is 'A workspace to which a service key is limited.';
comment on column api_key_workspaces.position is
  'The place in the list that was sent, from 0; 0 in all rows of keys that are older than this column.';

-- SSO settings and SCIM

create table sso_settings (
  id uuid not null,
  org_id uuid not null,
  provider_id uuid not null,
  default_workspace_role_id uuid not null,
  sso_groups_enabled boolean not null default false,
  sso_groups_claim_field text not null default 'groups',
  sso_groups_required boolean not null default false,
  sso_groups_role_sync_enabled boolean not null default true,
  metadata_url text,
  metadata_xml text,
  attribute_mapping jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint sso_settings_pkey primary key (id),
  constraint sso_settings_one_per_org unique (org_id),
  constraint sso_settings_id_org_id_key unique (id, org_id),
  constraint sso_settings_provider_id_key unique (provider_id),
  constraint sso_settings_default_workspace_role_id_fkey
    foreign key (default_workspace_role_id) references roles(id) on delete restrict,
  constraint sso_settings_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint sso_settings_one_metadata_source check (metadata_url is null or metadata_xml is null)
);
create index sso_settings_default_workspace_role_id_idx on sso_settings (default_workspace_role_id);
comment on table sso_settings is 'What users get who join an organization by single sign-on. One row per organization at most.';
comment on column sso_settings.provider_id is 'Identifies the provider of the organization on login pages; never changes.';
comment on column sso_settings.sso_groups_claim_field is 'The name of the claim that holds the groups.';
comment on column sso_settings.sso_groups_required is
  'Whether a sign-in is refused for people who are in no group that gives a role.';
comment on column sso_settings.sso_groups_role_sync_enabled is 'Whether each sign-in changes the roles to those of the groups.';
comment on column sso_settings.metadata_url is
  'Of the published API: stored and returned; the settings of the installation name the provider.';
comment on column sso_settings.metadata_xml is 'As metadata_url.';
comment on column sso_settings.attribute_mapping is
  'Of the published API: stored and returned. By attribute: the name of the claim, and whether it is a list.';

create table sso_default_workspaces (
  settings_id uuid not null,
  workspace_id uuid not null,
  org_id uuid not null,
  constraint sso_default_workspaces_pkey primary key (settings_id, workspace_id),
  constraint sso_default_workspaces_settings_id_org_id_fkey
    foreign key (settings_id, org_id) references sso_settings(id, org_id) on delete cascade,
  constraint sso_default_workspaces_workspace_id_org_id_fkey
    foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade
);
create index sso_default_workspaces_by_workspace on sso_default_workspaces (workspace_id, org_id);
comment on table sso_default_workspaces is
  'A workspace that users join at their first single sign-on. A trigger keeps the last one of an organization.';

create table scim_tokens (
  id uuid not null,
  org_id uuid not null,
  digest bytea not null,
  short_token text not null,
  description text not null,
  created_by_user_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  makes_admins boolean not null default true,
  created_with_kind text,
  created_with_id uuid,
  maker_key_id uuid,
  previous_digest bytea,
  previous_ends_at timestamptz,
  rights_end_at timestamptz,
  constraint scim_tokens_pkey primary key (id),
  constraint scim_tokens_digest_key unique (digest),
  constraint scim_tokens_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint scim_tokens_created_with_is_complete check ((created_with_kind is null) = (created_with_id is null)),
  constraint scim_tokens_created_with_kind_is_known
    check (created_with_kind in ('session', 'personal-access-token', 'service-key')),
  constraint scim_tokens_previous_secret_is_another check (previous_digest <> digest),
  constraint scim_tokens_previous_secret_is_complete check ((previous_digest is null) = (previous_ends_at is null))
);
create index scim_tokens_by_age on scim_tokens (org_id, created_at, id);
create index scim_tokens_by_expiry on scim_tokens (expires_at) where expires_at is not null;
create index scim_tokens_by_maker on scim_tokens (maker_key_id) where maker_key_id is not null;
create unique index scim_tokens_previous_digest_key on scim_tokens (previous_digest) where previous_digest is not null;
comment on table scim_tokens is 'A bearer token of an identity provider for one organization, stored as a digest.';
comment on column scim_tokens.digest is 'A keyed digest of the secret, which is shown once and not stored.';
comment on column scim_tokens.short_token is 'The part of the token that lists show.';
comment on column scim_tokens.created_by_user_id is 'The user who created it, directly or with a key. Null: unknown, or deleted.';
comment on column scim_tokens.expires_at is 'Null: never. Compared with now() at each use.';
comment on column scim_tokens.last_used_at is 'Written every few seconds at most. Null: not used yet.';
comment on column scim_tokens.makes_admins is
  'Whether groups and users of this token may become Organization Admins and Operators.';
comment on column scim_tokens.created_with_kind is
  'The kind of credential with which it was created. Null: unknown (older rows), or the operator created it.';
comment on column scim_tokens.created_with_id is 'The id of that credential, which may have been deleted since; no foreign key.';
comment on column scim_tokens.maker_key_id is
  'The key or token with which it was created or, once that is deleted, the next one with which that was created. A trigger passes it on.';
comment on column scim_tokens.previous_digest is
  'The digest of the secret before the last rotation. Null: that ended at once, or there was none.';
comment on column scim_tokens.previous_ends_at is 'Until then the secret before the last rotation is accepted, too.';
comment on column scim_tokens.rights_end_at is
  'When the rights of the creator end with which it was created. Null: they did not end then. It gives no rank for longer.';

create table scim_users (
  id uuid not null,
  org_id uuid not null,
  user_id uuid not null,
  made_account boolean not null,
  user_name text not null,
  external_id text,
  emails text[] not null,
  attributes jsonb not null,
  version integer not null default 1,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  roles_are_confirmed boolean not null default true,
  constraint scim_users_pkey primary key (id),
  constraint scim_users_one_per_member unique (org_id, user_id),
  constraint scim_users_one_per_external_id unique (org_id, external_id),
  constraint scim_users_id_org_id_key unique (id, org_id),
  constraint scim_users_org_id_user_id_fkey
    foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade,
  constraint scim_users_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade,
  constraint scim_users_have_an_email check (cardinality(emails) > 0)
);
create index scim_users_user_id_idx on scim_users (user_id);
create index scim_users_by_age on scim_users (org_id, created_at, id);
create index scim_users_by_change on scim_users (org_id, updated_at, id);
create unique index scim_users_one_per_user_name on scim_users (org_id, (lower(user_name) collate "C"));
create index scim_users_by_display_name on scim_users (org_id, (lower(attributes ->> 'displayName') collate "C"));
create index scim_users_by_family_name on scim_users (org_id, (lower(attributes -> 'name' ->> 'familyName') collate "C"));
create index scim_users_by_given_name on scim_users (org_id, (lower(attributes -> 'name' ->> 'givenName') collate "C"));
create index scim_users_by_email on scim_users using gin (emails) with (fastupdate = off);
create index scim_users_by_title on scim_users (org_id, (lower(attributes ->> 'title') collate "C"), created_at, id)
  where (lower(attributes ->> 'title') collate "C") is not null;
create index scim_users_by_nick_name on scim_users (org_id, (lower(attributes ->> 'nickName') collate "C"), created_at, id)
  where (lower(attributes ->> 'nickName') collate "C") is not null;
create index scim_users_by_named_roles on scim_users (org_id, id) where attributes @? '$.roles[*].value ? (@ like_regex "/")';
comment on table scim_users is
  'A user as the identity provider of an organization describes them. Deleted with the membership, which holds the active state.';
comment on column scim_users.made_account is
  'SCIM created the account, and may update it while no other organization or login method uses it.';
comment on column scim_users.emails is 'In lower case, for filters.';
comment on column scim_users.attributes is 'All other attributes, named as in the schema.';
comment on column scim_users.version is 'Increases with each change: the ETag.';
comment on column scim_users.roles_are_confirmed is
  'False: a token with the reach of an operator has written the attribute roles while it had no effect.';

create table scim_groups (
  id uuid not null,
  org_id uuid not null,
  display_name text not null,
  external_id text,
  kind text not null,
  org_role text,
  workspace_id uuid,
  role_id uuid,
  version integer not null default 1,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  makes_admins boolean not null default true,
  constraint scim_groups_pkey primary key (id),
  constraint scim_groups_one_per_external_id unique (org_id, external_id),
  constraint scim_groups_id_org_id_key unique (id, org_id),
  constraint scim_groups_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint scim_groups_role_id_fkey
    foreign key (role_id) references roles(id) on delete restrict,
  constraint scim_groups_workspace_id_fkey
    foreign key (workspace_id) references workspaces(id) on delete set null,
  constraint scim_groups_kind_is_known
    check (kind in ('admin', 'workspace', 'malformed', 'unknown', 'ambiguous', 'unconfirmed')),
  constraint scim_groups_of_workspaces_name_a_role check ((kind = 'workspace') = (role_id is not null)),
  constraint scim_groups_of_workspaces_name_an_org_role check ((kind = 'workspace') = (org_role is not null)),
  constraint scim_groups_org_role_is_known
    check (org_role in ('ORGANIZATION_OPERATOR', 'ORGANIZATION_USER', 'ORGANIZATION_VIEWER'))
);
create index scim_groups_workspace_id_idx on scim_groups (workspace_id);
create index scim_groups_role_id_idx on scim_groups (role_id);
create index scim_groups_by_age on scim_groups (org_id, created_at, id);
create unique index scim_groups_one_per_name on scim_groups (org_id, (lower(scim_groups.display_name) collate "C"));
comment on table scim_groups is
  'A group of the identity provider, and the role to which its name was resolved. Renaming the workspace or the role changes nothing.';
comment on column scim_groups.kind is 'The kind of role that the group gives, or the reason why it gives none.';
comment on column scim_groups.org_role is 'The name of the organization role that a workspace group gives as well.';
comment on column scim_groups.workspace_id is 'Null: the group gives no role in a workspace, or the workspace was deleted.';
comment on column scim_groups.version is 'Increases with each change: the ETag.';
comment on column scim_groups.makes_admins is 'True: every token that has written the group may manage Organization Admins.';

create table scim_group_members (
  group_id uuid not null,
  scim_user_id uuid not null,
  org_id uuid not null,
  created_via text not null default 'unknown',
  created_by_key_id uuid,
  created_audit_entry_id uuid,
  constraint scim_group_members_pkey primary key (group_id, scim_user_id),
  constraint scim_group_members_group_id_org_id_fkey
    foreign key (group_id, org_id) references scim_groups(id, org_id) on delete cascade,
  constraint scim_group_members_scim_user_id_org_id_fkey
    foreign key (scim_user_id, org_id) references scim_users(id, org_id) on delete cascade,
  constraint scim_group_members_created_via_is_known check (created_via in ('scim_group', 'unknown'))
);
create index scim_group_members_by_user on scim_group_members (scim_user_id, org_id);
comment on table scim_group_members is 'A SCIM user in a SCIM group.';
comment on column scim_group_members.created_via is '"unknown" for rows that are older than this column.';
comment on column scim_group_members.created_by_key_id is 'The SCIM token. No foreign key.';
comment on column scim_group_members.created_audit_entry_id is 'No foreign key.';

-- Requests for access

create table access_requests (
  id uuid not null,
  org_id uuid not null,
  requester_id uuid not null,
  workspace_id uuid,
  role_id uuid,
  from_role_id uuid,
  user_group_id uuid,
  reason text not null,
  duration_seconds integer,
  state text not null default 'pending',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  decided_at timestamptz,
  decided_by_user_id uuid,
  decided_role_id uuid,
  access_expires_at timestamptz,
  decline_reason text,
  constraint access_requests_pkey primary key (id),
  constraint access_requests_org_id_requester_id_fkey
    foreign key (org_id, requester_id) references org_memberships(org_id, user_id) on delete cascade,
  constraint access_requests_role_id_fkey
    foreign key (role_id) references roles(id) on delete cascade,
  constraint access_requests_user_group_id_org_id_fkey
    foreign key (user_group_id, org_id) references user_groups(id, org_id) on delete cascade,
  constraint access_requests_workspace_id_org_id_fkey
    foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade,
  constraint access_requests_decided_is_complete
    check ((state in ('approved', 'declined', 'withdrawn')) = (decided_at is not null)),
  constraint access_requests_duration_is_positive check (duration_seconds > 0),
  constraint access_requests_from_role_is_in_workspace check (from_role_id is null or role_id is not null),
  constraint access_requests_have_one_target check ((workspace_id is null) <> (user_group_id is null)),
  constraint access_requests_name_a_role check ((workspace_id is null) = (role_id is null)),
  constraint access_requests_reason_is_short check (char_length(reason) <= 500),
  constraint access_requests_state_is_known
    check (state in ('pending', 'approved', 'declined', 'withdrawn', 'expired'))
);
create unique index access_requests_one_open_per_workspace on access_requests (requester_id, workspace_id)
  where state = 'pending';
create unique index access_requests_one_open_per_group on access_requests (requester_id, user_group_id)
  where state = 'pending';
create index access_requests_by_org on access_requests (org_id, id);
create index access_requests_by_requester on access_requests (org_id, requester_id, id);
create index access_requests_by_workspace on access_requests (workspace_id, org_id);
create index access_requests_by_group on access_requests (user_group_id, org_id);
create index access_requests_by_role on access_requests (role_id);
create index access_requests_by_end on access_requests (expires_at);
comment on table access_requests is 'What a member has asked for, and what became of it. Only its state changes.';
comment on column access_requests.role_id is 'In the workspace. Null for a user group.';
comment on column access_requests.from_role_id is 'That the requester had in the workspace. Null: they were no member of it.';
comment on column access_requests.duration_seconds is 'How long the access is wanted from the approval on. Null: permanently.';
comment on column access_requests.state is 'As it was written: one that is pending after expires_at counts as expired.';
comment on column access_requests.expires_at is 'When it ends unless it is decided before.';
comment on column access_requests.decided_at is 'When it was approved, declined or withdrawn.';
comment on column access_requests.decided_by_user_id is
  'Who approved or declined it, directly or with a key. Null: it was not decided, or with a key without a user.';
comment on column access_requests.decided_role_id is 'That was given. Null: none was.';
comment on column access_requests.access_expires_at is 'When the access that was given ends. Null: never, or none was given.';

create table access_request_mails (
  id uuid not null,
  request_id uuid not null,
  org_id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  handed_over_at timestamptz,
  constraint access_request_mails_pkey primary key (id),
  constraint access_request_mails_org_id_user_id_fkey
    foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade,
  constraint access_request_mails_request_id_fkey
    foreign key (request_id) references access_requests(id) on delete cascade
);
create index access_request_mails_by_request on access_request_mails (request_id);
create index access_request_mails_by_recipient on access_request_mails (org_id, user_id);
create index access_request_mails_by_age on access_request_mails (created_at);
comment on table access_request_mails is 'A mail about an access request, to somebody who may decide it or to the requester.';
comment on column access_request_mails.id is 'Of its job.';
comment on column access_request_mails.handed_over_at is 'Null: not sent yet.';

-- Audit log

create table audit_entries (
  id uuid not null,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
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
  details jsonb,
  position bigserial not null,
  constraint audit_entries_pkey primary key (id),
  constraint audit_entries_position_key unique ("position")
);
create index audit_entries_by_org on audit_entries (org_id, created_at, id);
create index audit_entries_by_chain on audit_entries (org_id, position);
create index audit_entries_by_operation on audit_entries (org_id, operation, created_at, id);
create index audit_entries_by_user on audit_entries (org_id, user_id, created_at, id);
create index audit_entries_by_workspace on audit_entries (workspace_id, created_at, id) where workspace_id is not null;
create index audit_entries_by_key on audit_entries (credential_id, created_at, id) where credential_kind <> 'session';
create index audit_entries_by_resource on audit_entries using gin (resource_ids);
create index audit_entries_by_address on audit_entries (org_id, client_host, created_at, id);
comment on table audit_entries is
  'A change, a refused request or a read of the audit log: ids and facts, without names, addresses and secrets. Triggers refuse changes of rows.';
comment on column audit_entries.created_at is 'The time of writing; the entry becomes visible at the commit.';
comment on column audit_entries.org_id is
  'No foreign key: the entry outlives its organization and workspace. Null: the installation.';
comment on column audit_entries.credential_kind is 'Null: the server or the operator acted.';
comment on column audit_entries.forwarded_for is 'X-Forwarded-For of the request, shortened.';
comment on column audit_entries.response_status is 'Null: no request, or a successful request of version 0.1.';
comment on column audit_entries.details is 'Fixed texts, numbers and ids, never values of the request.';
comment on column audit_entries.position is 'The order of writing among all entries, from a sequence.';

create table audit_seals (
  chain uuid not null,
  sequence integer not null,
  through bigint not null,
  entries integer not null,
  newest_at timestamp(3) with time zone not null,
  mac bytea not null,
  sealed_at timestamptz not null default now(),
  constraint audit_seals_pkey primary key (chain, sequence),
  constraint audit_seals_one_per_round unique (through, chain)
);
comment on table audit_seals is
  'A MAC over the entries of one organization since the seal before it. Triggers refuse changes of rows.';
comment on column audit_seals.chain is
  'The organization. A fixed UUID for entries without one. No foreign key: the seal outlives its organization.';
comment on column audit_seals.sequence is '1, 2, 3 and so on in its chain.';
comment on column audit_seals.through is 'The position up to which the round sealed all chains.';
comment on column audit_seals.entries is 'The number of sealed entries.';
comment on column audit_seals.newest_at is 'The latest time of these entries.';
comment on column audit_seals.mac is
  'HMAC over the entries and the seal before, with a key derived from the secrets of the installation.';

create table audit_anchors (
  chain uuid not null,
  sequence integer not null,
  through bigint not null,
  mac bytea not null,
  signature bytea not null,
  removed_at timestamptz not null default now(),
  constraint audit_anchors_pkey primary key (chain)
);
comment on table audit_anchors is
  'The last seal of a chain that retention has removed, with all entries and seals before it. The rest of the chain continues from it.';
comment on column audit_anchors.chain is 'The organization. A fixed UUID for entries without one.';
comment on column audit_anchors.through is 'The position up to which entries were sealed.';
comment on column audit_anchors.mac is 'The MAC of the removed seal.';
comment on column audit_anchors.signature is 'Shows that retention, and nothing else, removed the seal.';

create table audit_names (
  org_id uuid not null,
  person_id uuid not null,
  ids uuid[] not null,
  name text,
  email text not null,
  named_at timestamptz not null default now(),
  constraint audit_names_pkey primary key (org_id, person_id)
);
create index audit_names_by_ids on audit_names using gin (ids);
create index audit_names_by_age on audit_names (named_at);
comment on table audit_names is
  'Who has left an organization, or was invited, as it last knew them: names for the ids in its audit entries. Written by triggers; not sealed.';
comment on column audit_names.org_id is 'No foreign key: the audit log outlives its organization.';
comment on column audit_names.person_id is 'The user or, of somebody who was invited, the invitation.';
comment on column audit_names.ids is
  'All ids with which entries name the person: of the user, the memberships, the invitations and the SCIM user.';
comment on column audit_names.named_at is 'When the person left, which an entry says.';

-- Webhooks and log streams

create table log_cursors (
  id uuid not null,
  kind text not null,
  org_id uuid not null,
  position bigint not null,
  due_at timestamptz not null default now(),
  claim_id uuid,
  constraint log_cursors_pkey primary key (id),
  constraint log_cursors_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint log_cursors_kind_check check (kind in ('webhook', 'log_stream'))
);
create index log_cursors_by_due on log_cursors (kind, due_at);
create index log_cursors_by_org on log_cursors (org_id);
comment on table log_cursors is 'How far the audit log of an organization was sent to a webhook or log stream.';
comment on column log_cursors.id is 'Of the webhook or log stream.';
comment on column log_cursors.position is 'Of the last entry that is dealt with.';
comment on column log_cursors.due_at is 'Not claimed before: the end of a claim, or of a pause. infinity: disabled.';
comment on column log_cursors.claim_id is 'Of the process that sends at present. Another claim ends this one.';

create table webhooks (
  id uuid not null,
  org_id uuid not null,
  url text not null,
  description text not null,
  types text[],
  disabled_at timestamptz,
  disabled_reason text,
  paused_until timestamptz,
  secret text not null,
  public_key text not null,
  previous_secret text,
  previous_secret_expires_at timestamptz,
  created_by_user_id uuid,
  created_with_kind text,
  created_with_id uuid,
  maker_key_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint webhooks_pkey primary key (id),
  constraint webhooks_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint webhooks_created_with_is_complete check ((created_with_kind is null) = (created_with_id is null)),
  constraint webhooks_created_with_kind_is_known
    check (created_with_kind in ('session', 'personal-access-token', 'service-key')),
  constraint webhooks_disabled_is_complete check ((disabled_at is null) = (disabled_reason is null)),
  constraint webhooks_disabled_reason_is_known check (disabled_reason in ('admin', 'gone', 'failures')),
  constraint webhooks_previous_secret_is_complete
    check ((previous_secret is null) = (previous_secret_expires_at is null))
);
create index webhooks_by_org on webhooks (org_id, id);
create index webhooks_by_maker on webhooks (maker_key_id) where maker_key_id is not null;
comment on table webhooks is 'A receiver of the events of an organization. How far they were sent is its row of log_cursors.';
comment on column webhooks.types is 'Null: all but those that are only sent by name.';
comment on column webhooks.disabled_at is 'Null: enabled.';
comment on column webhooks.disabled_reason is
  'admin; gone: the receiver answered 410; failures: an event failed at all attempts.';
comment on column webhooks.paused_until is 'Nothing is sent before: the receiver has asked for a pause.';
comment on column webhooks.secret is 'Encrypted with a key derived from API_KEY_SALT: requests are signed with it.';
comment on column webhooks.previous_secret is 'As secret. Signs beside it until it expires.';
comment on column webhooks.previous_secret_expires_at is 'Null: there is no previous secret.';
comment on column webhooks.created_by_user_id is 'Who created it, directly or with a key.';
comment on column webhooks.created_with_kind is 'Of the credential with which it was created.';
comment on column webhooks.created_with_id is 'Of the credential with which it was created, which may be deleted.';
comment on column webhooks.maker_key_id is
  'The key or token with which it was created, or the next one with which that was created. Kept by a trigger.';

create table webhook_deliveries (
  webhook_id uuid not null,
  event_id text not null,
  position bigint not null,
  attempts smallint not null,
  next_attempt_at timestamptz,
  created_at timestamptz not null default now(),
  constraint webhook_deliveries_pkey primary key (webhook_id, event_id),
  constraint webhook_deliveries_webhook_id_fkey
    foreign key (webhook_id) references webhooks(id) on delete cascade
);
create index webhook_deliveries_by_due on webhook_deliveries (webhook_id, next_attempt_at)
  where next_attempt_at is not null;
create index webhook_deliveries_by_age on webhook_deliveries (created_at);
comment on table webhook_deliveries is 'An event that has not arrived at a webhook.';
comment on column webhook_deliveries.event_id is 'The id of the audit entry and the place of the event in it.';
comment on column webhook_deliveries.position is 'Of the audit entry.';
comment on column webhook_deliveries.attempts is 'That failed.';
comment on column webhook_deliveries.next_attempt_at is
  'Null: given up. While a process sends it, when another one may do it again.';

create table webhook_attempts (
  id uuid not null,
  webhook_id uuid not null,
  event_id text not null,
  event_type text not null,
  attempt smallint not null,
  attempted_at timestamptz not null,
  duration_ms integer not null,
  succeeded boolean not null,
  status text,
  code text,
  response text,
  constraint webhook_attempts_pkey primary key (id),
  constraint webhook_attempts_webhook_id_fkey
    foreign key (webhook_id) references webhooks(id) on delete cascade
);
create index webhook_attempts_by_webhook on webhook_attempts (webhook_id, attempted_at, id);
create index webhook_attempts_by_age on webhook_attempts (attempted_at);
comment on table webhook_attempts is 'One request to a webhook, of the last 1,000.';
comment on column webhook_attempts.attempt is '0: a test.';
comment on column webhook_attempts.status is 'As it is shown: from private addresses the class only. Null without a response.';
comment on column webhook_attempts.code is 'Why there is no response; null if there is one.';
comment on column webhook_attempts.response is 'The beginning of a text response from a public address.';

create table webhook_mails (
  id uuid not null,
  webhook_id uuid not null,
  org_id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  handed_over_at timestamptz,
  constraint webhook_mails_pkey primary key (id),
  constraint webhook_mails_org_id_user_id_fkey
    foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade,
  constraint webhook_mails_webhook_id_fkey
    foreign key (webhook_id) references webhooks(id) on delete cascade
);
create index webhook_mails_by_webhook on webhook_mails (webhook_id);
create index webhook_mails_by_recipient on webhook_mails (org_id, user_id);
create index webhook_mails_by_age on webhook_mails (created_at);
comment on table webhook_mails is 'A mail that tells an admin that a webhook was disabled.';
comment on column webhook_mails.id is 'Of its job.';
comment on column webhook_mails.handed_over_at is 'Null: not sent yet.';

create table log_streams (
  id uuid not null,
  org_id uuid not null,
  url text not null,
  description text not null,
  header_names text[] not null,
  header_values text,
  disabled_at timestamptz,
  disabled_reason text,
  missed_before timestamptz,
  failures integer not null default 0,
  last_attempt_at timestamptz,
  last_status text,
  last_code text,
  created_by_user_id uuid,
  created_with_kind text,
  created_with_id uuid,
  maker_key_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  include_names boolean not null default false,
  constraint log_streams_pkey primary key (id),
  constraint log_streams_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint log_streams_created_with_is_complete check ((created_with_kind is null) = (created_with_id is null)),
  constraint log_streams_created_with_kind_is_known
    check (created_with_kind in ('session', 'personal-access-token', 'service-key')),
  constraint log_streams_disabled_is_complete check ((disabled_at is null) = (disabled_reason is null)),
  constraint log_streams_disabled_reason_is_known check (disabled_reason in ('admin', 'gone')),
  constraint log_streams_headers_are_complete check ((header_values is null) = (cardinality(header_names) = 0))
);
create index log_streams_by_org on log_streams (org_id, id);
create index log_streams_by_maker on log_streams (maker_key_id) where maker_key_id is not null;
comment on table log_streams is 'A receiver of the audit log of an organization. How far it was sent is its row of log_cursors.';
comment on column log_streams.header_names is 'Of the headers of each request.';
comment on column log_streams.header_values is
  'A JSON list in the order of header_names, encrypted with a key derived from API_KEY_SALT. Null: no headers.';
comment on column log_streams.disabled_at is 'Null: enabled.';
comment on column log_streams.disabled_reason is 'admin; gone: the receiver answered 410.';
comment on column log_streams.missed_before is
  'Entries of before were removed by retention before they were sent. Null: none were.';
comment on column log_streams.failures is 'Requests that failed since the last one that succeeded.';
comment on column log_streams.last_status is 'As it is shown: from private addresses the class only. Null without a response.';
comment on column log_streams.last_code is 'Why there was no response; null if there was one.';
comment on column log_streams.created_by_user_id is 'Who created it, directly or with a key.';
comment on column log_streams.created_with_kind is 'Of the credential with which it was created.';
comment on column log_streams.created_with_id is 'Of the credential with which it was created, which may be deleted.';
comment on column log_streams.maker_key_id is
  'The key or token with which it was created, or the next one with which that was created. Kept by a trigger.';
comment on column log_streams.include_names is 'Whether entries are sent with the names of the people in them.';

-- Mails

create table mails (
  id uuid not null,
  kind text not null,
  org_id uuid,
  user_id uuid,
  email text,
  invitation_id uuid,
  about text[] not null default '{}',
  state text not null default 'queued',
  due_at timestamptz not null default now(),
  attempts smallint not null default 0,
  settled_at timestamptz,
  code text,
  traceparent text,
  created_at timestamptz not null default now(),
  constraint mails_pkey primary key (id),
  constraint mails_one_per_invitation unique (invitation_id),
  constraint mails_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade,
  constraint mails_org_id_user_id_fkey
    foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade,
  constraint mails_invitation_id_fkey
    foreign key (invitation_id) references invitations(id) on delete cascade,
  constraint mails_state_is_known check (state in ('queued', 'sent', 'refused', 'abandoned')),
  constraint mails_settled_is_complete check ((state = 'queued') = (settled_at is null))
);
create index mails_by_due on mails (kind, due_at) where state = 'queued';
create index mails_by_recipient on mails (org_id, user_id);
create index mails_by_age on mails (created_at) where invitation_id is null;
comment on table mails is 'A mail that is due, or what became of it. Written in the transaction that wants it.';
comment on column mails.id is 'Of this sending: the Message-ID.';
comment on column mails.user_id is 'The member who gets it. Null: it goes to the address in email, or to that of the invitation.';
comment on column mails.email is 'The address of a mail that is not to a member or about an invitation.';
comment on column mails.invitation_id is 'A mail about an invitation. Another sending replaces it.';
comment on column mails.about is
  'Ids of what it is about; of a membership in a user group those of group and user, with a slash.';
comment on column mails.state is 'abandoned: it was no longer true when it could be sent, or all attempts have failed.';
comment on column mails.due_at is 'The next attempt. While a process sends it, the time at which another one may.';
comment on column mails.attempts is 'That have begun.';
comment on column mails.settled_at is 'When it was handed to the mail server, refused or abandoned. Null: queued.';
comment on column mails.code is 'Of the reply with which the mail server refused it for good.';
comment on column mails.traceparent is 'Of the request that wants it (W3C Trace Context).';

create table expiry_announcements (
  subject text not null,
  days_before smallint not null,
  expires_at timestamptz not null,
  is_mailed boolean not null,
  constraint expiry_announcements_pkey primary key (subject, days_before)
);
create index expiry_announcements_by_expiry on expiry_announcements (expires_at);
comment on table expiry_announcements is
  'That the expiry of a key or token, or the end of a membership, was told, so that no server tells it again.';
comment on column expiry_announcements.subject is
  'The id of an API key, SCIM token, membership or role of a user group, which may be deleted since; of a membership in a user group those of group and user, with a slash. No foreign key.';
comment on column expiry_announcements.days_before is '14, 7 or 1.';
comment on column expiry_announcements.expires_at is
  'The expiry that was told. If that of the key or token becomes later, or the end of the membership another, it is told again.';
comment on column expiry_announcements.is_mailed is 'False: without a mail, since there was no mail server.';

create table expiry_notices (
  credential_id uuid not null,
  days_before smallint not null,
  expires_at timestamptz not null,
  is_mailed boolean not null default true,
  constraint expiry_notices_pkey primary key (credential_id, days_before)
);
create index expiry_notices_by_expiry on expiry_notices (expires_at);
comment on table expiry_notices is
  'That the expiry of a key or token, or the end of a membership, was told, so that no server tells it again.';
comment on column expiry_notices.credential_id is
  'An API key, SCIM token, membership or role of a user group, which may be deleted since; of a membership in a user group, an id made from both. No foreign key.';
comment on column expiry_notices.days_before is '14, 7 or 1.';
comment on column expiry_notices.expires_at is
  'The expiry that was told. If that of the key or token becomes later, or the end of the membership another, it is told again.';
comment on column expiry_notices.is_mailed is 'False: told without a mail, since there was no mail server.';

create table expiry_mails (
  id uuid not null,
  org_id uuid not null,
  user_id uuid not null,
  credential_ids uuid[] not null,
  created_at timestamptz not null default now(),
  handed_over_at timestamptz,
  constraint expiry_mails_pkey primary key (id),
  constraint expiry_mails_org_id_user_id_fkey
    foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade
);
create index expiry_mails_by_recipient on expiry_mails (org_id, user_id);
create index expiry_mails_by_age on expiry_mails (created_at);
comment on table expiry_mails is
  'A mail that tells a member which keys and tokens expire, or which memberships end, soon. Deleted with the membership of the member.';
comment on column expiry_mails.id is 'Also the id of the job of pg-boss.';
comment on column expiry_mails.credential_ids is
  'API keys and SCIM tokens, or memberships. The mail leaves out those that have ended, or no longer concern the member.';
comment on column expiry_mails.handed_over_at is 'When the mail server accepted it. Null: due.';

-- The server itself

create table idempotency_keys (
  digest bytea not null,
  fingerprint bytea not null,
  answer bytea,
  expires_at timestamptz not null,
  constraint idempotency_keys_pkey primary key (digest)
);
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);
comment on table idempotency_keys is
  'A request with an Idempotency-Key and its response. The row is inserted first in the transaction of the change.';
comment on column idempotency_keys.digest is 'Of the key, the credential and the organization.';
comment on column idempotency_keys.fingerprint is 'Of the request; a repeated request has to have the same.';
comment on column idempotency_keys.answer is 'The response, encrypted. Null only within the transaction that inserts the row.';

create table rate_windows (
  key bytea not null,
  started_at timestamptz not null,
  hits integer not null,
  constraint rate_windows_pkey primary key (key)
);
create index rate_windows_by_start on rate_windows (started_at);
comment on table rate_windows is 'The count of an action within one minute, shared by all processes.';
comment on column rate_windows.key is 'A digest of the action and of who did it.';

create table applied_bootstrap_items (
  kind text not null,
  name text not null,
  org_id uuid not null,
  applied_at timestamptz not null default now(),
  constraint applied_bootstrap_items_pkey primary key (kind, name),
  constraint applied_bootstrap_items_org_id_fkey
    foreign key (org_id) references organizations(id) on delete cascade
);
create index applied_bootstrap_items_by_org on applied_bootstrap_items (org_id);
comment on table applied_bootstrap_items is
  'An item of the bootstrap settings that was applied. It is applied once, to the organization that was the default one then.';

create table onboarding_states (
  id uuid not null,
  user_id uuid not null,
  tracing_completed_at timestamptz,
  lgstudio_completed_at timestamptz,
  playground_completed_at timestamptz,
  evaluation_completed_at timestamptz,
  success_viewed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint onboarding_states_pkey primary key (id),
  constraint onboarding_states_one_per_user unique (user_id),
  constraint onboarding_states_user_id_fkey
    foreign key (user_id) references users(id) on delete cascade
);
comment on table onboarding_states is 'When a user completed the steps of the onboarding; null: not yet.';

-- Tables that refer to each other

alter table org_memberships add constraint org_memberships_invitation_id_fkey
  foreign key (invitation_id) references invitations(id) on delete set null;
alter table workspace_memberships add constraint workspace_memberships_invitation_id_fkey
  foreign key (invitation_id) references invitations(id) on delete set null;

-- Trigram indexes, for searches within addresses and names. They need extensions of PostgreSQL's contrib modules, which the owner of a
-- database may create, and which need not be on the search path. Where that is not possible, searches read all rows
-- (docs/operations.md#search-indexes). The errors: insufficient_privilege, undefined_file (not installed), feature_not_supported (not allowed).

do $$ begin
  create extension if not exists pg_trgm;
exception when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then null; end $$;
do $$ begin
  create extension if not exists btree_gin;
exception when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then null; end $$;

-- Described in functions.sql; the index needs it.
create function scim_emails_text(text[]) returns text language sql immutable parallel safe
  return pg_catalog.array_to_string($1, ' ');

do $$ declare trgm text;
begin
  select n.nspname into trgm from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
  if found and exists (select from pg_extension where extname = 'btree_gin') then
    execute format('create index org_memberships_by_trigrams on org_memberships
      using gin (org_id, user_email %1$I.gin_trgm_ops, user_full_name %1$I.gin_trgm_ops)', trgm);
    execute format('create index scim_users_by_trigrams on scim_users using gin (org_id,
      (lower(user_name) collate "C") %1$I.gin_trgm_ops,
      (lower(attributes ->> ''displayName'') collate "C") %1$I.gin_trgm_ops,
      (lower(attributes -> ''name'' ->> ''familyName'') collate "C") %1$I.gin_trgm_ops,
      scim_emails_text(emails) %1$I.gin_trgm_ops)', trgm);
  end if;
end $$;
