import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members ask for access to workspaces and user groups that may be asked for (docs/decisions/0111). */
export class CreateAccessRequests1765110000000 implements MigrationInterface {
  name = 'CreateAccessRequests1765110000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['workspaces', 'user_groups'])
      await runner.query(`alter table ${table} add column requestable boolean not null default false`);
    await runner.query(`create or replace view ${currentUserGroups(', requestable')}`);
    for (const statement of [...TABLES, ...INDEXES]) await runner.query(statement);
    for (const [subject, comment] of Object.entries(COMMENTS))
      await runner.query(`comment on ${subject} is '${comment}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table access_request_mails, access_requests');
    await runner.query('drop view current_user_groups');
    await runner.query(`create view ${currentUserGroups('')}`);
    for (const table of ['user_groups', 'workspaces'])
      await runner.query(`alter table ${table} drop column requestable`);
  }
}

/** As `LetAccessEnd1765105000000` created it, and more columns. */
const currentUserGroups = (more: string): string => `current_user_groups as
  select id, org_id, name, description, idp_group_name, idp_sync_enabled, parent_user_group_id, workspace_id, role_id,
    created_at, updated_at, access_expires_at, access_expires_set_by_user_id${more}
  from user_groups where (access_expires_at is null or access_expires_at > now())`;

const TABLES = [
  `create table access_requests (
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
    constraint access_requests_workspace_id_org_id_fkey
      foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade,
    constraint access_requests_user_group_id_org_id_fkey
      foreign key (user_group_id, org_id) references user_groups(id, org_id) on delete cascade,
    constraint access_requests_role_id_fkey foreign key (role_id) references roles(id) on delete cascade,
    constraint access_requests_have_one_target check ((workspace_id is null) <> (user_group_id is null)),
    constraint access_requests_name_a_role check ((workspace_id is null) = (role_id is null)),
    constraint access_requests_from_role_is_in_workspace check (from_role_id is null or role_id is not null),
    constraint access_requests_state_is_known
      check (state in ('pending', 'approved', 'declined', 'withdrawn', 'expired')),
    constraint access_requests_decided_is_complete
      check ((state in ('approved', 'declined', 'withdrawn')) = (decided_at is not null)),
    constraint access_requests_reason_is_short check (char_length(reason) <= 500),
    constraint access_requests_duration_is_positive check (duration_seconds > 0))`,
  `create table access_request_mails (
    id uuid not null,
    request_id uuid not null,
    org_id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    handed_over_at timestamptz,
    constraint access_request_mails_pkey primary key (id),
    constraint access_request_mails_request_id_fkey
      foreign key (request_id) references access_requests(id) on delete cascade,
    constraint access_request_mails_org_id_user_id_fkey
      foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade)`,
];

const INDEXES = [
  `create unique index access_requests_one_open_per_workspace on access_requests (requester_id, workspace_id)
    where state = 'pending'`,
  `create unique index access_requests_one_open_per_group on access_requests (requester_id, user_group_id)
    where state = 'pending'`,
  'create index access_requests_by_org on access_requests (org_id, id)',
  'create index access_requests_by_requester on access_requests (org_id, requester_id, id)',
  'create index access_requests_by_workspace on access_requests (workspace_id, org_id)',
  'create index access_requests_by_group on access_requests (user_group_id, org_id)',
  'create index access_requests_by_role on access_requests (role_id)',
  'create index access_requests_by_end on access_requests (expires_at)',
  'create index access_request_mails_by_request on access_request_mails (request_id)',
  'create index access_request_mails_by_recipient on access_request_mails (org_id, user_id)',
  'create index access_request_mails_by_age on access_request_mails (created_at)',
];

const COMMENTS = {
  'column workspaces.requestable': 'Whether members of the organization may ask for a role in it.',
  'column user_groups.requestable': 'Whether members of the organization may ask to be in it.',
  'table access_requests': 'What a member has asked for, and what became of it. Only its state changes.',
  'column access_requests.role_id': 'In the workspace. Null for a user group.',
  'column access_requests.from_role_id':
    'That the requester had in the workspace. Null: they were no member of it.',
  'column access_requests.duration_seconds':
    'How long the access is wanted from the approval on. Null: permanently.',
  'column access_requests.state':
    'As it was written: one that is pending after expires_at counts as expired.',
  'column access_requests.expires_at': 'When it ends unless it is decided before.',
  'column access_requests.decided_at': 'When it was approved, declined or withdrawn.',
  'column access_requests.decided_by_user_id':
    'Who approved or declined it, directly or with a key. Null: it was not decided, or with a key without a user.',
  'column access_requests.decided_role_id': 'That was given. Null: none was.',
  'column access_requests.access_expires_at':
    'When the access that was given ends. Null: never, or none was given.',
  'table access_request_mails':
    'A mail about an access request, to somebody who may decide it or to the requester.',
  'column access_request_mails.id': 'Of its job.',
  'column access_request_mails.handed_over_at': 'Null: not sent yet.',
};
