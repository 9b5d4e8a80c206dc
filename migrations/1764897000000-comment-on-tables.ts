import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Says in the database what each table holds and what its columns mean where the name does not; docs/schema.md is made from it. */
export class CommentOnTables1764897000000 implements MigrationInterface {
  name = 'CommentOnTables1764897000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, [comment, columns = {}]] of Object.entries(COMMENTS)) {
      await runner.query(`comment on table ${table} is ${quoted(comment)}`);
      for (const [column, text] of Object.entries(columns))
        await runner.query(`comment on column ${table}.${column} is ${quoted(text)}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, [, columns = {}]] of Object.entries(COMMENTS)) {
      await runner.query(`comment on table ${table} is null`);
      for (const column of Object.keys(columns))
        await runner.query(`comment on column ${table}.${column} is null`);
    }
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

const CREATED_WITH = {
  created_with_kind:
    'The kind of credential with which it was created. Null: unknown (older rows), or the operator created it.',
  created_with_id: 'The id of that credential, which may have been deleted since; no foreign key.',
  maker_key_id:
    'The key or token with which it was created or, once that is deleted, the next one with which that was created. A trigger passes it on.',
};

const PROVENANCE = {
  source: 'What the membership follows: only this source removes it automatically.',
  created_via: 'How the row was created; "unknown" for rows that are older than this column.',
  invitation_id: 'The accepted invitation; no foreign key, since the id outlives the invitation.',
  created_by_user_id: 'Who invited or added the user. Null: a rule or a service key did. No foreign key.',
  created_by_key_id: 'The API key or SCIM token that added the user. No foreign key.',
  created_audit_entry_id: 'The audit entry of the creation. No foreign key.',
  role_changed_at: 'The latest manual change of the role. Null: never changed.',
  role_changed_by_user_id: 'Who changed the role. No foreign key.',
  role_changed_by_key_id: 'The API key with which the role was changed. No foreign key.',
  role_changed_audit_entry_id: 'The audit entry of that change. No foreign key.',
  user_email: 'A copy of users.email, for the order of lists. Triggers write it.',
  user_full_name: 'A copy of users.full_name, for the order of lists. Triggers write it.',
};

/** By table: what a row is, and the columns that need an explanation. */
const COMMENTS: Record<string, [comment: string, columns?: Record<string, string>]> = {
  access_cache_replicas: [
    'A server process that may use cached access. Writers wait until it has read their change or its lease has ended.',
    {
      seen: 'A pg_snapshot as text: the process has read the changes visible in it. Null: none was read yet.',
      renewed_at: 'The start of the lease, by the clock of the database.',
    },
  ],
  access_changes: [
    'A change that ends cached access. Triggers write the row in the transaction of the change; it is removed after all processes have read it.',
    {
      xid: 'The transaction of the change, as xid8.',
      subject_id: 'A user, an organization or a credential. The nil UUID: everybody.',
    },
  ],
  access_policies: [
    'Allows or denies a permission by resource tags, for holders of the roles and groups to which it is attached.',
    {
      condition_groups: 'Validated before it is stored, and not when it is read.',
      updated_at: 'When the policy was last changed, attached or detached.',
    },
  ],
  access_policy_roles: [
    'Attaches an access policy to a workspace role; to a system role only within the organization of the policy.',
  ],
  api_key_workspaces: [
    'A workspace to which a service key is limited.',
    {
      position:
        'The place in the list that was sent, from 0; 0 in all rows of keys that are older than this column.',
    },
  ],
  api_keys: [
    'A personal access token or a service key, stored as a digest. A token acts with the current roles of its owner, a service key with roles of its own.',
    {
      digest: 'A keyed digest of the secret, which is shown once and not stored.',
      short_key: 'The part of the key that lists show.',
      user_id: 'The owner of a personal access token. Null: a service key.',
      is_org_wide:
        'The service key works in all workspaces, also future ones. False: in those of api_key_workspaces.',
      org_role_id: 'The role of an organization-wide service key in the organization. Null: none.',
      workspace_role_id: 'The role of a service key in its workspaces. Null: a personal access token.',
      default_workspace_id: 'The workspace of requests that name none.',
      created_by_user_id:
        'The user who created the key, directly or with another key. Null: unknown, or deleted.',
      expires_at: 'Null: never.',
      revoked_at: 'Not accepted since then. Null: accepted; null again after reinstatement.',
      last_used_at: 'Written every few seconds at most. Null: not used yet.',
      parent_key_id: 'The token with which this token was created and with which it ends.',
      ...CREATED_WITH,
    },
  ],
  applied_bootstrap_items: [
    'An item of the bootstrap settings that was applied. It is applied once, to the organization that was the default one then.',
  ],
  audit_anchors: [
    'The last seal of a chain that retention has removed, with all entries and seals before it. The rest of the chain continues from it.',
    {
      chain: 'The organization. A fixed UUID for entries without one.',
      through: 'The position up to which entries were sealed.',
      mac: 'The MAC of the removed seal.',
      signature: 'Shows that retention, and nothing else, removed the seal.',
    },
  ],
  audit_entries: [
    'A change, a refused request or a read of the audit log: ids and facts, without names, addresses and secrets. Triggers refuse changes of rows.',
    {
      created_at: 'The time of writing; the entry becomes visible at the commit.',
      org_id: 'No foreign key: the entry outlives its organization and workspace. Null: the installation.',
      credential_kind: 'Null: the server or the operator acted.',
      forwarded_for: 'X-Forwarded-For of the request, shortened.',
      response_status: 'Null: no request, or a successful request of version 0.1.',
      details: 'Fixed texts, numbers and ids, never values of the request.',
      position: 'The order of writing among all entries, from a sequence.',
    },
  ],
  audit_seals: [
    'A MAC over the entries of one organization since the seal before it. Triggers refuse changes of rows.',
    {
      chain:
        'The organization. A fixed UUID for entries without one. No foreign key: the seal outlives its organization.',
      sequence: '1, 2, 3 and so on in its chain.',
      through: 'The position up to which the round sealed all chains.',
      entries: 'The number of sealed entries.',
      newest_at: 'The latest time of these entries.',
      mac: 'HMAC over the entries and the seal before, with a key derived from the secrets of the installation.',
    },
  ],
  break_glass_passwords: [
    'A temporary password that the operator made for an admin, for when single sign-on does not work.',
    { digest: 'An argon2id digest.' },
  ],
  deleted_workspaces: ['A deleted workspace, for lists that include deleted ones.'],
  email_confirmations: [
    'The newest link by which a user confirms an address; it replaces older ones.',
    {
      digest: 'A keyed digest of the token in the link.',
      email: 'The address to which the link was sent; it confirms no other address.',
    },
  ],
  headcounts: [
    'The numbers of members, pending invitations and SCIM users of an organization. Triggers write it.',
    {
      pending: 'All pending invitations, also expired ones.',
      pending_seats: 'The pending invitations that take a seat: without expired ones that were counted out.',
    },
  ],
  idempotency_keys: [
    'A request with an Idempotency-Key and its response. The row is inserted first in the transaction of the change.',
    {
      digest: 'Of the key, the credential and the organization.',
      fingerprint: 'Of the request; a repeated request has to have the same.',
      answer: 'The response, encrypted. Null only within the transaction that inserts the row.',
    },
  ],
  invitation_mails: [
    'The latest mail of an invitation. Sending it again replaces the row.',
    { job_id: 'The job of pg-boss.', handed_over_at: 'When the mail server accepted it. Null: due.' },
  ],
  invitation_workspaces: ['A workspace that an invitation offers, with the role there.'],
  invitations: [
    'An offer to join an organization, addressed to an e-mail address. At most one per organization and address is pending.',
    {
      full_name: 'As the inviter wrote it; the user may have another one.',
      from_workspace: 'Created at the level of a workspace: it ends with its last workspace.',
      expires_at: 'Null: never. Compared with now() at each use.',
      ended_at: 'When it was accepted, declined or revoked. Null: pending.',
      takes_seat: 'False: expired, and counted out of the seats. Without meaning once it has ended.',
    },
  ],
  login_methods: [
    'A way to sign in to an account, without its secret. A login at a provider is identified by issuer and subject.',
    {
      issuer: 'Null: a login with a password.',
      subject: 'The value of the claim that identifies users. Null: a login with a password.',
      provisioning_method: 'What created the login. Null: a sign-in.',
      email_confirmed_at: 'When the user first proved the address of the account with this login.',
      email_confirmed_by: 'What proved it: the provider, or a mailed link.',
      provider_email:
        'As the provider sent it at the last sign-in, verified or not; may differ from the account.',
      provider_username: 'The claim preferred_username of the last sign-in.',
    },
  ],
  login_networks: [
    'A network, or a network with an e-mail address, from which a login succeeded.',
    { key: 'A keyed digest, so that the table shows neither users nor networks.' },
  ],
  member_activity: [
    'When a member last sent a request, written once a minute at most. No row: not since activity is stored.',
  ],
  migrations: ['The applied migrations, written by TypeORM.'],
  onboarding_states: ['When a user completed the steps of the onboarding; null: not yet.'],
  org_memberships: [
    'The membership of a user in an organization, with the role: the organization identity of the API.',
    {
      id: 'The identity_id of the API.',
      is_disabled: 'Deactivated: the member has no access and keeps the role.',
      ...PROVENANCE,
    },
  ],
  organizations: [
    'An organization with its settings and limits.',
    {
      is_personal: 'Created by a user for themselves.',
      is_default: 'Single sign-on adds new users to this organization; true in one row at most.',
      max_identities: 'Seats of members and pending invitations; -1: unlimited.',
      max_workspaces: '-1: unlimited.',
      max_api_key_expiry_days: 'For both kinds of keys. Null: no limit.',
      max_pat_expiry_days: 'For personal access tokens. Null: no limit.',
      max_service_key_expiry_days: 'For service keys. Null: no limit.',
      preferences: 'Settings of the product behind this API: stored and returned here, applied there.',
      sso_login_slug:
        'Identifies the login page. Null: the organization never had settings for single sign-on.',
      mail_language: 'A language tag. Null: that of the installation.',
      api_key_creation_from_api_keys_enabled: 'Whether keys and tokens may create keys.',
      can_use_user_groups: 'Whether user groups can be managed and have an effect.',
    },
  ],
  password_links: [
    'The newest link of a user for a purpose, or of an invitation, by which a password is chosen; it replaces older ones.',
    {
      digest: 'A keyed digest of the token in the link.',
      email:
        'That of the user or invitation when the link was made; the link sets no password for another one.',
      user_id: 'Null: the link is for an invitation.',
      org_id: 'The organization that invites, or whose admin made the account or the link.',
      handed_over_by_user_id:
        'The admin who received the link. Null: it was mailed, so that it proves the mailbox.',
    },
  ],
  password_mails: [
    'A mail with a password link that was asked for. Written for every address, so that a request does not show whether there is an account.',
    {
      id: 'Also the id of the job of pg-boss.',
      org_id: 'The organization whose admin made the account. Null: the password was forgotten.',
      handed_over_at: 'When the mail server accepted it. Null: due.',
    },
  ],
  passwords: [
    'The password of a user, with its origin.',
    {
      digest: 'An argon2id digest.',
      chosen_by: 'Who chose the password; "unknown" for rows that are older than this column.',
      vouching_org_id:
        'The organization whose admin chose this password, or the one that the user replaced by it.',
      address_proved: 'The user set it after verifying the e-mail address.',
    },
  ],
  rate_windows: [
    'The count of an action within one minute, shared by all processes.',
    { key: 'A digest of the action and of who did it.' },
  ],
  role_restrictions: ['The organization restricts who may assign this role.'],
  roles: [
    'A named set of permissions: a system role, or a custom workspace role of an organization.',
    {
      org_id: 'Null: a system role.',
      name: 'The name of a system role; CUSTOM for the others.',
      permissions: 'In the order in which they were sent.',
    },
  ],
  scim_group_members: [
    'A SCIM user in a SCIM group.',
    {
      created_via: '"unknown" for rows that are older than this column.',
      created_by_key_id: 'The SCIM token. No foreign key.',
      created_audit_entry_id: 'No foreign key.',
    },
  ],
  scim_groups: [
    'A group of the identity provider, and the role to which its name was resolved. Renaming the workspace or the role changes nothing.',
    {
      kind: 'The kind of role that the group gives, or the reason why it gives none.',
      org_role: 'The name of the organization role that a workspace group gives as well.',
      workspace_id: 'Null: the group gives no role in a workspace, or the workspace was deleted.',
      version: 'Increases with each change: the ETag.',
      makes_admins: 'True: every token that has written the group may manage Organization Admins.',
    },
  ],
  scim_tokens: [
    'A bearer token of an identity provider for one organization, stored as a digest.',
    {
      digest: 'A keyed digest of the secret, which is shown once and not stored.',
      short_token: 'The part of the token that lists show.',
      created_by_user_id: 'The user who created it, directly or with a key. Null: unknown, or deleted.',
      expires_at: 'Null: never. Compared with now() at each use.',
      last_used_at: 'Written every few seconds at most. Null: not used yet.',
      makes_admins: 'Whether groups and users of this token may become Organization Admins and Operators.',
      ...CREATED_WITH,
    },
  ],
  scim_users: [
    'A user as the identity provider of an organization describes them. Deleted with the membership, which holds the active state.',
    {
      made_account:
        'SCIM created the account, and may update it while no other organization or login method uses it.',
      emails: 'In lower case, for filters.',
      attributes: 'All other attributes, named as in the schema.',
      version: 'Increases with each change: the ETag.',
    },
  ],
  service_account_workspaces: ['The role of a service account in a workspace.'],
  service_accounts: [
    'A named caller that is not a user: it takes no seat and is in no list of members.',
    {
      identity_id: 'The organization_identity_id of the API.',
      default_workspace_id: 'The first workspace at the creation. Null: none was given, or it was deleted.',
    },
  ],
  sessions: [
    'A signed-in user. Deleting the row ends the session at once.',
    {
      expires_at: 'The absolute end; no refresh extends it.',
      token_digest: 'A digest of the cookie of a single sign-on session. Null: found by the id in the token.',
      subject: 'The claim sub, which logout tokens name; login methods may use another claim.',
      provider_session_id: 'The claim sid, which logout tokens may name.',
      sealed_refresh_token: 'Encrypted. Null: the provider sent none.',
      sealed_id_token: 'Encrypted; sent to the provider at logout as id_token_hint.',
      confirmed_until:
        'Valid without a refresh at the provider until this time. Null: not a single sign-on session.',
      refresh_due_at: 'When the session is to be refreshed. Null: there is no refresh token.',
      refreshing_until: 'A process refreshes the session; after this time it is taken for ended.',
      user_agent: 'Of the sign-in, shortened.',
      client_host: 'The address of the sign-in.',
      last_used_at: 'Written once a minute at most.',
    },
  ],
  sso_default_workspaces: [
    'A workspace that users join at their first single sign-on. A trigger keeps the last one of an organization.',
  ],
  sso_settings: [
    'What users get who join an organization by single sign-on. One row per organization at most.',
    {
      provider_id: 'Identifies the provider of the organization on login pages; never changes.',
      sso_groups_claim_field: 'The name of the claim that holds the groups.',
      sso_groups_required: 'Whether a sign-in is refused for people who are in no group that gives a role.',
      sso_groups_role_sync_enabled: 'Whether each sign-in changes the roles to those of the groups.',
      metadata_url:
        'Of the published API: stored and returned; the settings of the installation name the provider.',
      metadata_xml: 'As metadata_url.',
      attribute_mapping:
        'Of the published API: stored and returned. By attribute: the name of the claim, and whether it is a list.',
    },
  ],
  tag_keys: ['A name with which resources of a workspace can be tagged.'],
  tag_values: ['A value of a tag key.'],
  taggings: [
    'A tag of one resource.',
    { resource_id: 'Of the product behind this API, which alone knows whether it exists.' },
  ],
  used_login_states: [
    'A state of a sign-in that was used, so that it is not used twice. Kept until it would have expired.',
    { digest: 'SHA-256 of the state.' },
  ],
  used_logout_tokens: [
    'A logout token that was used. Kept until it would be refused as expired.',
    { digest: 'SHA-256 of issuer and jti.' },
  ],
  user_group_members: [
    'A member of the organization in a user group.',
    { source: 'What added the user; each source removes only its own rows.' },
  ],
  user_group_policies: [
    'Attaches an access policy to a user group.',
    { workspace_id: 'Null: in all workspaces in which the group has a role.' },
  ],
  user_group_roles: [
    'A role that a user has in a workspace through groups, whether they are a member of it or not. Triggers write it.',
    { sources: 'The number of memberships in groups that give it.' },
  ],
  user_group_service_accounts: ['A service account in a user group.'],
  user_groups: [
    'A user group of an organization, or the part of one in a workspace, which is also the role that the group has there.',
    {
      name: 'Of a part in a workspace: derived from the name of the group and the id of the workspace.',
      idp_group_name: 'The group of the identity provider whose members are members of this one. Null: none.',
      parent_user_group_id: 'Null: a group of the organization, without workspace and role.',
      updated_at: 'Of a part in a workspace: when its role was last changed.',
    },
  ],
  users: [
    'An account, one in all organizations.',
    {
      id: 'Also the ls_user_id of the API. Never the nil UUID.',
      email: 'In canonical form: trimmed, in lower case.',
    },
  ],
  workspace_headcounts: ['The number of members of a workspace. Triggers write it.'],
  workspace_memberships: ['The membership of a user in a workspace, with the role there.', PROVENANCE],
  workspaces: [
    'A workspace of an organization.',
    {
      tenant_handle: 'Of the published API. Null: none.',
      name_counts_in_groups: 'Whether group names may refer to the workspace by its name.',
      name_set_by_admin:
        'Whether an Organization Admin set the name, so that group names with it may make operators.',
    },
  ],
};
