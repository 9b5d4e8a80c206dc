import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients, grants and tokens of the OAuth authorization server (docs/decisions/0128-the-authorization-server.md). */
export class CreateOauthServer1765210000000 implements MigrationInterface {
  name = 'CreateOauthServer1765210000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...INDEXES]) await runner.query(statement);
    for (const [name, text] of Object.entries(COMMENTS))
      await runner.query(`comment on ${name.includes('.') ? 'column' : 'table'} ${name} is '${text}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table oauth_artifacts, oauth_grants, oauth_clients, oauth_signing_keys');
  }
}

const TABLES = [
  `create table oauth_clients (
    id uuid not null,
    client_id text not null,
    org_id uuid,
    secret_digest bytea,
    client_name text not null,
    client_uri text,
    logo_uri text,
    policy_uri text,
    tos_uri text,
    redirect_uris text[] not null default '{}',
    grant_types text[] not null,
    allowed_scopes text[] not null,
    is_disabled boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint oauth_clients_pkey primary key (id),
    constraint oauth_clients_client_id_key unique (client_id),
    constraint oauth_clients_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade,
    constraint oauth_clients_registered_ones_are_public check (org_id is not null or secret_digest is null))`,
  `create table oauth_grants (
    id uuid not null,
    org_id uuid not null,
    user_id uuid not null,
    client_id text not null,
    registered_client_id uuid,
    client_name text not null,
    client_uri text,
    logo_uri text,
    redirect_uri text,
    scopes text[] not null,
    default_workspace_id uuid,
    sign_in_method text not null,
    acr text,
    amr text[],
    authenticated_at timestamptz,
    created_at timestamptz not null default now(),
    approved_at timestamptz not null default now(),
    expires_at timestamptz not null,
    last_used_at timestamptz,
    constraint oauth_grants_pkey primary key (id),
    constraint oauth_grants_org_id_user_id_client_id_key unique (org_id, user_id, client_id),
    constraint oauth_grants_org_id_user_id_fkey foreign key (org_id, user_id) references org_memberships (org_id, user_id) on delete cascade,
    constraint oauth_grants_registered_client_id_fkey foreign key (registered_client_id) references oauth_clients (id) on delete cascade,
    constraint oauth_grants_default_workspace_id_fkey foreign key (default_workspace_id) references workspaces (id) on delete set null,
    constraint oauth_grants_sign_in_method_is_known check (sign_in_method in ('password', 'sso', 'break-glass')))`,
  `create table oauth_artifacts (
    digest bytea not null,
    kind text not null,
    client_id text not null,
    grant_id uuid,
    user_code_digest bytea,
    content jsonb not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    consumed_at timestamptz,
    polled_at timestamptz,
    constraint oauth_artifacts_pkey primary key (digest),
    constraint oauth_artifacts_grant_id_fkey foreign key (grant_id) references oauth_grants (id) on delete cascade,
    constraint oauth_artifacts_kind_is_known check (kind in ('AuthorizationCode', 'DeviceCode', 'RefreshToken', 'AccessToken')),
    constraint oauth_artifacts_device_codes_alone_wait_for_a_grant check (grant_id is not null or kind = 'DeviceCode'),
    constraint oauth_artifacts_device_codes_have_user_codes check ((kind = 'DeviceCode') = (user_code_digest is not null)))`,
  `create table oauth_signing_keys (
    kid text not null,
    alg text not null,
    public_key jsonb not null,
    private_key text not null,
    created_at timestamptz not null default now(),
    signs_from timestamptz not null,
    constraint oauth_signing_keys_pkey primary key (kid),
    constraint oauth_signing_keys_alg_is_known check (alg in ('RS256', 'EdDSA')))`,
];

const INDEXES = [
  'create index oauth_clients_by_org on oauth_clients (org_id, created_at, id)',
  'create index oauth_clients_registered_by_age on oauth_clients (created_at) where org_id is null',
  'create index oauth_grants_by_user on oauth_grants (user_id, approved_at, id)',
  'create index oauth_grants_by_registered_client_id on oauth_grants (registered_client_id) where registered_client_id is not null',
  'create index oauth_grants_by_default_workspace_id on oauth_grants (default_workspace_id)',
  'create index oauth_grants_by_age on oauth_grants (org_id, created_at, id)',
  'create index oauth_grants_by_expiry on oauth_grants (expires_at)',
  'create index oauth_artifacts_by_grant on oauth_artifacts (grant_id)',
  'create index oauth_artifacts_by_expiry on oauth_artifacts (expires_at)',
  'create unique index oauth_artifacts_user_code_digest_key on oauth_artifacts (user_code_digest) where user_code_digest is not null',
];

const COMMENTS = {
  oauth_clients:
    'An application that people may give access to (docs/contract/oauth.md). The fixed ones and those of client id metadata documents have no row.',
  'oauth_clients.org_id':
    'The organization whose client it is; null: it has registered itself, and is removed when unused.',
  'oauth_clients.secret_digest': 'Of a confidential client; null: a public client.',
  'oauth_clients.redirect_uris': 'In the order given.',
  'oauth_clients.allowed_scopes': 'In the order given.',
  oauth_grants:
    'The access that a person gave to an application in one organization: a credential of that person. To end it is to delete the row.',
  'oauth_grants.client_id': 'As the client sends it; for one without a row in oauth_clients no foreign key.',
  'oauth_grants.registered_client_id': 'Null: a fixed client, or one of a metadata document.',
  'oauth_grants.client_name': 'As it was approved; so are the next three.',
  'oauth_grants.redirect_uri': 'Null: approved for a device.',
  'oauth_grants.default_workspace_id':
    'Where requests act that name no workspace; null: the oldest one of the person.',
  'oauth_grants.sign_in_method':
    'Of the session in which it was approved. The next three are from the ID token of that sign-in.',
  'oauth_grants.approved_at': 'The last time; a new approval keeps the row.',
  oauth_artifacts:
    'A code or token of the authorization server, found by a keyed digest. It is as good as its grant, from which nothing is copied.',
  'oauth_artifacts.kind': 'The model of the library oidc-provider.',
  'oauth_artifacts.digest': 'Of kind and code or token.',
  'oauth_artifacts.grant_id': 'Null: a device code that has not been approved.',
  'oauth_artifacts.user_code_digest': 'Of the code that people type.',
  'oauth_artifacts.content': 'What the library stores, without the code or token and without the user code.',
  'oauth_artifacts.consumed_at': 'When a code was exchanged, or a refresh token was rotated.',
  'oauth_artifacts.polled_at': 'When the client last asked for the tokens of a device code.',
  oauth_signing_keys: 'A key that signs ID tokens. The newest one of its algorithm that may sign does.',
  'oauth_signing_keys.public_key': 'A JWK (RFC 7517).',
  'oauth_signing_keys.private_key': 'A JWK, encrypted.',
  'oauth_signing_keys.signs_from': 'It is published before, so that clients that keep the key set know it.',
  rate_windows:
    'The count of an action within its window, a minute unless the action has another, shared by all processes.',
};
