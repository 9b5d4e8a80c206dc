import type { AuditOperation } from '../../../common/http/operations/audit-operations.js';
import type { EventType } from '../../../contract/audit-log/events.js';
import {
  changedOrSwitched,
  type DataOf,
  each,
  type Entry,
  type EventData,
  type Events,
  facts,
  type Happening,
  happenings,
  idsIn,
  inWorkspace,
  named,
  noData,
  none,
  ofKind,
  one,
  others,
  resourceAs,
  ownerOf,
} from './happening-builders.mapper.js';
import { EVENTS_OF_GROUPS } from './events-of-groups.mapper.js';

const END = ['access_expires_at', 'reverts_to_role_id'];

/**
 * The events of each operation, without those about memberships, which follow from facts that all operations share
 * (docs/decisions/0104-events-follow-from-audit-entries.md has the table in words).
 */
export const EVENTS_OF_SUCCESS: Record<AuditOperation, Events> = {
  ...EVENTS_OF_GROUPS,

  login: (entry) =>
    entry.details['event'] === 'logout'
      ? one('session.ended', 'user', facts('ended_by', 'sessions'))(entry)
      : [
          ...one('login.succeeded', 'user', facts('method', 'rule'))(entry),
          ...named('invitation.accepted', 'invitation', 'invitation_id')(entry),
        ],
  get_audit_logs: ({ orgId, details: { event } }) =>
    happenings('audit_log.read', 'organization', orgId, { event }),
  get_access_report: none,

  create_organization: createdOrganization,
  create_tenant: createdOrganization,
  update_organization_info: one('organization.updated', 'organization'),
  update_default_sso_provision_organization: ({ orgId, resourceIds: [target] }) =>
    happenings('organization.updated', 'organization', orgId, { is_default: target === orgId }),
  create_workspace: one('workspace.created', 'workspace'),
  update_workspace: one('workspace.updated', 'workspace'),
  set_tenant_handle: one('workspace.updated', 'workspace'),
  delete_workspace: one('workspace.deleted', 'workspace'),

  create_role: one('role.created', 'role'),
  update_role: one('role.updated', 'role'),
  upsert_role_restriction: one('role.updated', 'role', facts('is_restricted')),
  delete_role: one('role.deleted', 'role'),
  create_access_policy: one('access_policy.created', 'access_policy'),
  update_access_policy: one('access_policy.updated', 'access_policy'),
  delete_access_policy: one('access_policy.deleted', 'access_policy'),
  attach_access_policies: others('access_policy.attached', 'access_policy', resourceAs('role_id', 0)),
  detach_access_policies: others('access_policy.detached', 'access_policy', resourceAs('role_id', 0)),

  invite_user_to_org: invited,
  invite_users_to_org_batch: invited,
  add_members_to_workspace_batch: invited,
  update_org_pending_member: one('invitation.updated', 'invitation', facts('from_role_id', 'to_role_id')),
  update_workspace_pending_member: one(
    'invitation.updated',
    'invitation',
    inWorkspace('from_role_id', 'to_role_id'),
  ),
  delete_org_pending_member: one('invitation.revoked', 'invitation'),
  delete_workspace_pending_member: one('invitation.revoked', 'invitation', inWorkspace()),
  claim_pending_organization_invite: one('invitation.accepted', 'invitation', byUser),
  claim_pending_workspace_invite: one('invitation.accepted', 'invitation', byUser),
  delete_pending_organization_invite: one('invitation.declined', 'invitation', byUser),
  delete_pending_workspace_invite: one('invitation.declined', 'invitation', (entry) => ({
    ...byUser(entry),
    ...inWorkspace()(entry),
  })),

  add_basic_auth_users_to_org: none,
  update_basic_auth_user: (entry) => {
    const { password_link: link, purpose } = entry.details;
    const kind = link === 'issued' && purpose === 'invitation' ? 'invitation' : 'user';
    const change = facts('changed', 'password_link', 'purpose', 'delivery', 'break_glass', 'reset');
    return one('account.updated', kind, change)(entry);
  },
  update_org_member: (entry) => [
    ...endChanged('membership.end_changed', facts(...END))(entry),
    ...endsWithRole(entry),
  ],
  delete_org_member: unlessRecorded('org_members_removed', 'membership.deleted', () => ({ role_id: null })),
  delete_org_member_sessions: (entry) =>
    happenings('session.ended', 'user', ownerOf(entry), facts('sessions')(entry)),
  add_member_to_workspace: unlessRecorded(
    'workspace_members_added',
    'workspace_membership.created',
    unknownRole,
  ),
  update_workspace_member: endChanged('workspace_membership.end_changed', inWorkspace(...END)),
  delete_workspace_member: unlessRecorded(
    'workspace_members_removed',
    'workspace_membership.deleted',
    unknownRole,
  ),

  create_api_key: one('credential.created', 'credential', ofKind('service_key')),
  delete_api_key: each('credential.deleted', 'credential', ofKind('service_key')),
  create_service_key: one('credential.created', 'credential', ofKind('service_key')),
  update_service_key: one('credential.updated', 'credential', ofKind('service_key')),
  rotate_service_key: one('credential.rotated', 'credential', ofKind('service_key', 'overlap_hours')),
  delete_service_key: each('credential.deleted', 'credential', ofKind('service_key')),
  create_personal_access_token: one('credential.created', 'credential', ofKind('personal_access_token')),
  rotate_personal_access_token: one(
    'credential.rotated',
    'credential',
    ofKind('personal_access_token', 'overlap_hours'),
  ),
  delete_personal_access_token: each('credential.deleted', 'credential', ofKind('personal_access_token')),
  revoke_personal_access_token: each('credential.revoked', 'credential', ofKind('personal_access_token')),
  reinstate_personal_access_token: each(
    'credential.reinstated',
    'credential',
    ofKind('personal_access_token'),
  ),
  list_all_org_personal_access_tokens: none,
  forget_person: none,
  announce_credential_expiry: each('credential.expires_soon', 'credential', facts('credential_kind', 'days')),
  revoke_credentials: none, // of refused requests only
  create_scim_token: one('credential.created', 'credential', ofKind('scim_token')),
  update_scim_token: one('credential.updated', 'credential', ofKind('scim_token')),
  rotate_scim_token: one('credential.rotated', 'credential', ofKind('scim_token', 'overlap_hours')),
  delete_scim_token: one('credential.deleted', 'credential', ofKind('scim_token')),

  create_oauth_grant: one('credential.created', 'credential', ofKind('application')),
  revoke_oauth_grant: each('credential.revoked', 'credential', ofKind('application')),
  create_oauth_client: one('application.created', 'application'),
  update_oauth_client: one('application.updated', 'application', facts('is_disabled')),
  rotate_oauth_client_secret: one('application.secret_rotated', 'application'),
  delete_oauth_client: one('application.deleted', 'application'),

  create_service_account: one('service_account.created', 'service_account'),
  delete_service_account: one('service_account.deleted', 'service_account'),

  create_sso_settings: one('sso_settings.created', 'sso_settings'),
  update_sso_settings: one('sso_settings.updated', 'sso_settings'),
  delete_sso_settings: one('sso_settings.deleted', 'sso_settings'),
  get_sso_settings_current: none,
  update_login_methods: (entry) =>
    one(
      'login_methods.updated',
      entry.details['login'] === undefined ? 'organization' : 'user',
      facts('sso_only', 'login'),
    )(entry),
  send_sso_email_confirmation: one('account.confirmation_sent', 'user'),
  confirm_sso_user_email: one('account.email_confirmed', 'user'),
  create_onboarding_state: none,
  update_onboarding_state: none,

  create_tag_key: one('tag_key.created', 'tag_key', inWorkspace()),
  update_tag_key: one('tag_key.updated', 'tag_key', inWorkspace()),
  delete_tag_key: one('tag_key.deleted', 'tag_key', inWorkspace()),
  create_tag_value: one('tag_value.created', 'tag_value', inWorkspace()),
  update_tag_value: one('tag_value.updated', 'tag_value', inWorkspace()),
  delete_tag_value: one('tag_value.deleted', 'tag_value', inWorkspace()),
  create_tagging: one('tagging.created', 'tagging', (entry) => ({
    ...inWorkspace()(entry),
    tag_value_id: entry.resourceIds[1] ?? null,
    resource_id: entry.resourceIds[2] ?? null,
  })),
  delete_tagging: one('tagging.deleted', 'tagging', inWorkspace()),

  create_access_request: one('access_request.created', 'access_request', requestedAccess('duration_seconds')),
  approve_access_request: one(
    'access_request.approved',
    'access_request',
    requestedAccess('access_expires_at'),
  ),
  decline_access_request: one('access_request.declined', 'access_request', requestedAccess()),
  withdraw_access_request: one('access_request.withdrawn', 'access_request', requestedAccess()),

  create_webhook: one('webhook.created', 'webhook'),
  update_webhook: changedOrSwitched('webhook'),
  delete_webhook: one('webhook.deleted', 'webhook'),
  rotate_webhook_secret: one('webhook.secret_rotated', 'webhook', facts('overlap_hours')),
  test_webhook: none,
  redeliver_webhook: none,
  create_log_stream: one('log_stream.created', 'log_stream'),
  update_log_stream: changedOrSwitched('log_stream'),
  delete_log_stream: one('log_stream.deleted', 'log_stream'),
  test_log_stream: none,
};

/** Entries of older versions name the user as the owner of the resource, and no role. */
function unlessRecorded(fact: string, type: EventType, data: DataOf): Events {
  return (entry) =>
    entry.details[fact] === undefined ? happenings(type, 'user', ownerOf(entry), data(entry)) : [];
}

/** Of a membership, or of a temporary role. */
function endChanged(type: EventType, data: (entry: Entry) => EventData): Events {
  return (entry) =>
    entry.details['access_expires_at'] === undefined
      ? []
      : happenings(type, 'user', ownerOf(entry), data(entry));
}

/** For memberships in workspaces that the member created by a role whose end was brought forward. */
function endsWithRole(entry: Entry): Happening[] {
  return idsIn(entry, 'workspaces_ending_with_role').flatMap((id) =>
    happenings('workspace_membership.end_changed', 'user', ownerOf(entry), {
      workspace_id: id,
      ...facts('access_expires_at')(entry),
    }),
  );
}

function createdOrganization(entry: Entry): Happening[] {
  return [
    ...one('organization.created', 'organization')(entry),
    ...others('workspace.created', 'workspace', noData)(entry),
  ];
}

function invited(entry: Entry): Happening[] {
  return [
    ...named('invitation.created', 'invitation', 'created_invitation_ids')(entry),
    ...named('invitation.updated', 'invitation', 'updated_invitation_ids')(entry),
    ...named('invitation.renewed', 'invitation', 'renewed_invitation_ids')(entry),
  ];
}

function byUser({ userId }: Entry): EventData {
  return { user_id: userId };
}

function unknownRole({ workspaceId }: Entry): EventData {
  return { workspace_id: workspaceId, role_id: null };
}

function requestedAccess(...names: string[]): DataOf {
  return (entry) => ({
    user_id: ownerOf(entry),
    ...inWorkspace('role_id', 'user_group_id', ...names)(entry),
  });
}
