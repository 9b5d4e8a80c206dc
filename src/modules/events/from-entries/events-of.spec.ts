import { describe, expect, it } from '@jest/globals';
import type { AuditOperation } from '../../../common/http/operations/audit-operations.js';
import type { AuditDetails, AuditEntry } from '../../audit/index.js';
import { EVENT_TYPES } from '../../../contract/audit-log/events.js';
import { toEvent } from './event.mapper.js';
import { eventsOf } from './events-of.js';

const [ORG, WORKSPACE, ADMIN] = ['org', 'workspace', 'admin'];

const entryOf = (operation: AuditOperation, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'entry',
  position: '42',
  createdAt: new Date('2026-11-29T10:00:00.000Z'),
  orgId: ORG,
  workspaceId: WORKSPACE,
  operation,
  succeeded: true,
  userId: ADMIN,
  credentialKind: 'session',
  credentialId: 'session-id',
  resourceIds: ['a'],
  requestMethod: 'POST',
  requestPath: '/api/v1/somewhere',
  clientHost: '192.0.2.1',
  clientPort: 4711,
  forwardedFor: '192.0.2.2',
  responseStatus: 200,
  details: null,
  ...changes,
});

type Sample = readonly [resourceIds: string[], details: AuditDetails, events: string[]];

/** Of successful entries: what the writers record, and `type subject` of each event. */
const SAMPLES: Record<AuditOperation, readonly Sample[]> = {
  login: [
    [['u'], { method: 'password' }, ['login.succeeded user:u']],
    [['u'], { event: 'logout', ended_by: 'person' }, ['session.ended user:u']],
    [
      ['u'],
      { method: 'sso', rule: 'invitation', invitation_id: 'i', org_members_added: { u: 'r' } },
      ['login.succeeded user:u', 'invitation.accepted invitation:i', 'membership.created user:u'],
    ],
    [
      ['u'],
      { groups: { joined_user_group_ids: ['g'], left_user_group_ids: ['h'] } },
      ['login.succeeded user:u', 'group.member_removed user_group:h', 'group.member_added user_group:g'],
    ],
  ],
  get_audit_logs: [[[], { event: 'list', client_hosts: ['192.0.2.1'] }, ['audit_log.read organization:org']]],
  get_access_report: [[[], { format: 'csv' }, []]],
  create_organization: [
    [['o', 'w'], {}, ['organization.created organization:o', 'workspace.created workspace:w']],
  ],
  create_tenant: [
    [
      ['o', 'w'],
      { org_members_added: { u: 'r' }, workspace_members_added: { w: { u: 'r' } } },
      [
        'organization.created organization:o',
        'workspace.created workspace:w',
        'membership.created user:u',
        'workspace_membership.created user:u',
      ],
    ],
  ],
  update_organization_info: [[['org'], {}, ['organization.updated organization:org']]],
  update_default_sso_provision_organization: [
    [['org', 'other'], {}, ['organization.updated organization:org']],
    [['other', 'org'], {}, ['organization.updated organization:org']],
  ],
  create_workspace: [[['w'], {}, ['workspace.created workspace:w']]],
  update_workspace: [[['w'], {}, ['workspace.updated workspace:w']]],
  set_tenant_handle: [[['w'], {}, ['workspace.updated workspace:w']]],
  delete_workspace: [[['w'], {}, ['workspace.deleted workspace:w']]],
  create_role: [[['r'], {}, ['role.created role:r']]],
  update_role: [[['r'], {}, ['role.updated role:r']]],
  upsert_role_restriction: [[['r'], { is_restricted: true }, ['role.updated role:r']]],
  delete_role: [[['r'], {}, ['role.deleted role:r']]],
  create_access_policy: [[['p'], {}, ['access_policy.created access_policy:p']]],
  update_access_policy: [[['p'], {}, ['access_policy.updated access_policy:p']]],
  delete_access_policy: [[['p'], {}, ['access_policy.deleted access_policy:p']]],
  attach_access_policies: [
    [
      ['r', 'p', 'q'],
      {},
      ['access_policy.attached access_policy:p', 'access_policy.attached access_policy:q'],
    ],
    [['r', 'p', 'q'], { unchanged: ['p'] }, ['access_policy.attached access_policy:q']],
  ],
  detach_access_policies: [[['r', 'p'], {}, ['access_policy.detached access_policy:p']]],
  attach_user_group_access_policy: [[['g', 'p'], {}, ['access_policy.attached access_policy:p']]],
  detach_user_group_access_policy: [[['g', 'p'], {}, ['access_policy.detached access_policy:p']]],
  invite_user_to_org: [
    [['i'], { created_invitation_ids: ['i'] }, ['invitation.created invitation:i']],
    [['i'], { renewed_invitation_ids: ['i'] }, ['invitation.renewed invitation:i']],
    [['i'], {}, []], // of an older version: invited or renewed
  ],
  invite_users_to_org_batch: [
    [
      ['i', 'j', 'm'],
      {
        created_invitation_ids: ['i'],
        updated_invitation_ids: ['j'],
        workspace_members_added: { w: { u: 'r' } },
      },
      [
        'invitation.created invitation:i',
        'invitation.updated invitation:j',
        'workspace_membership.created user:u',
      ],
    ],
  ],
  add_members_to_workspace_batch: [
    [['i'], { updated_invitation_ids: ['i'] }, ['invitation.updated invitation:i']],
  ],
  update_org_pending_member: [[['i'], {}, ['invitation.updated invitation:i']]],
  update_workspace_pending_member: [[['i'], {}, ['invitation.updated invitation:i']]],
  delete_org_pending_member: [[['i'], {}, ['invitation.revoked invitation:i']]],
  delete_workspace_pending_member: [[['i'], {}, ['invitation.revoked invitation:i']]],
  claim_pending_organization_invite: [
    [
      ['i'],
      { org_members_added: { u: 'r' } },
      ['invitation.accepted invitation:i', 'membership.created user:u'],
    ],
  ],
  claim_pending_workspace_invite: [[['i'], {}, ['invitation.accepted invitation:i']]],
  delete_pending_organization_invite: [[['i'], {}, ['invitation.declined invitation:i']]],
  delete_pending_workspace_invite: [[['i'], {}, ['invitation.declined invitation:i']]],
  add_basic_auth_users_to_org: [
    [['u', 'v'], { org_members_added: { u: 'r' } }, ['membership.created user:u']],
  ],
  update_basic_auth_user: [
    [['u'], { changed: ['password'] }, ['account.updated user:u']],
    [['i'], { password_link: 'issued', purpose: 'invitation' }, ['account.updated invitation:i']],
    [['u'], { password_link: 'used', purpose: 'invitation' }, ['account.updated user:u']],
  ],
  update_org_member: [
    [['m'], { org_roles_changed: { u: { from: 'r', to: 's' } } }, ['membership.role_changed user:u']],
    [
      ['m'],
      { access_expires_at: 'then', reverts_to_role_id: 'r', resource_owner_ls_user_id: 'u' },
      ['membership.end_changed user:u'],
    ],
    [
      ['m'],
      { access_expires_at: 'then', workspaces_ending_with_role: ['w', 'x'], resource_owner_ls_user_id: 'u' },
      [
        'membership.end_changed user:u',
        'workspace_membership.end_changed user:u',
        'workspace_membership.end_changed user:u',
      ],
    ],
    [['m'], {}, []], // only what the member had made was ended, or the role was the same
  ],
  delete_org_member: [
    [['m'], { org_members_removed: { u: 'r' } }, ['membership.deleted user:u']],
    [['m'], { resource_owner_ls_user_id: 'u' }, ['membership.deleted user:u']], // of an older version
    [['m'], {}, ['membership.deleted user:admin']],
  ],
  delete_org_member_sessions: [
    [['m'], { resource_owner_ls_user_id: 'u', sessions: 2 }, ['session.ended user:u']],
  ],
  add_member_to_workspace: [
    [['m'], { workspace_members_added: { w: { u: 'r' } } }, ['workspace_membership.created user:u']],
    [['m'], { resource_owner_ls_user_id: 'u' }, ['workspace_membership.created user:u']],
  ],
  update_workspace_member: [
    [
      ['m'],
      { workspace_roles_changed: { w: { u: { from: 'r', to: 's' } } } },
      ['workspace_membership.role_changed user:u'],
    ],
    [
      ['m'],
      { access_expires_at: null, resource_owner_ls_user_id: 'u' },
      ['workspace_membership.end_changed user:u'],
    ],
    [['m'], {}, []],
  ],
  delete_workspace_member: [
    [['m'], { workspace_members_removed: { w: { u: 'r' } } }, ['workspace_membership.deleted user:u']],
    [['m'], { resource_owner_ls_user_id: 'u' }, ['workspace_membership.deleted user:u']],
  ],
  create_api_key: [[['k'], {}, ['credential.created credential:k']]],
  delete_api_key: [[['k'], {}, ['credential.deleted credential:k']]],
  create_service_key: [[['k'], {}, ['credential.created credential:k']]],
  update_service_key: [[['k'], {}, ['credential.updated credential:k']]],
  rotate_service_key: [[['k'], { overlap_hours: 1 }, ['credential.rotated credential:k']]],
  delete_service_key: [[['k'], {}, ['credential.deleted credential:k']]],
  create_personal_access_token: [[['k'], {}, ['credential.created credential:k']]],
  rotate_personal_access_token: [[['k'], {}, ['credential.rotated credential:k']]],
  delete_personal_access_token: [
    [['k', 'l'], {}, ['credential.deleted credential:k', 'credential.deleted credential:l']],
  ],
  revoke_personal_access_token: [
    [['k', 'l'], { unchanged: ['k'] }, ['credential.revoked credential:l']],
    [['k', 'l'], {}, ['credential.revoked credential:k', 'credential.revoked credential:l']],
  ],
  reinstate_personal_access_token: [
    [['k'], {}, ['credential.reinstated credential:k']],
    [['k'], { unchanged: ['k'] }, []],
  ],
  list_all_org_personal_access_tokens: [[[], {}, []]],
  forget_person: [[['u'], {}, []]],
  revoke_credentials: [[[], {}, []]],
  create_scim_token: [[['k'], {}, ['credential.created credential:k']]],
  update_scim_token: [[['k'], {}, ['credential.updated credential:k']]],
  rotate_scim_token: [[['k'], {}, ['credential.rotated credential:k']]],
  delete_scim_token: [[['k'], {}, ['credential.deleted credential:k']]],
  create_scim_user: [
    [
      ['s', 'u'],
      { org_members_added: { u: 'r' }, invitation_id: 'i', invitation: 'accepted' },
      ['scim_user.created scim_user:s', 'invitation.accepted invitation:i', 'membership.created user:u'],
    ],
    [
      ['s', 'u'],
      { invitation_id: 'i', invitation: 'revoked' },
      ['scim_user.created scim_user:s', 'invitation.revoked invitation:i'],
    ],
  ],
  update_scim_user: [
    [['s', 'u'], { changed: ['userName'] }, ['scim_user.updated scim_user:s']],
    [
      ['s', 'u'],
      { changed: ['active'], active: false, revoked_invitation_ids: ['i'] },
      ['scim_user.updated scim_user:s', 'membership.disabled user:u', 'invitation.revoked invitation:i'],
    ],
    [
      ['s', 'u'],
      { changed: ['active'], active: true },
      ['scim_user.updated scim_user:s', 'membership.enabled user:u'],
    ],
  ],
  delete_scim_user: [
    [
      ['s', 'u'],
      { org_members_removed: { u: 'r' } },
      ['scim_user.deleted scim_user:s', 'membership.deleted user:u'],
    ],
  ],
  create_scim_group: [
    [['g', 's'], { added_ids: ['s'] }, ['group.created scim_group:g', 'group.member_added scim_group:g']],
    [['g', 's'], { continues: 'first', added_ids: ['s'] }, ['group.member_added scim_group:g']],
  ],
  update_scim_group: [
    [
      ['g', 's'],
      { added_ids: ['s'], removed_ids: ['s'], workspace_members_removed: { w: { u: 'r' } } },
      [
        'group.updated scim_group:g',
        'group.member_removed scim_group:g',
        'group.member_added scim_group:g',
        'workspace_membership.deleted user:u',
      ],
    ],
    [
      ['g', 's'],
      {
        continues: 'first',
        user_group_members_removed: { h: ['u'] },
        user_group_members_added: { h: ['v', 'w'] },
      },
      [
        'group.member_removed user_group:h',
        'group.member_added user_group:h',
        'group.member_added user_group:h',
      ],
    ],
  ],
  delete_scim_group: [[['g'], {}, ['group.deleted scim_group:g']]],
  create_service_account: [[['a'], {}, ['service_account.created service_account:a']]],
  delete_service_account: [[['a'], {}, ['service_account.deleted service_account:a']]],
  create_user_group: [[['g'], {}, ['group.created user_group:g']]],
  update_user_group: [[['g'], { changed: ['name'] }, ['group.updated user_group:g']]],
  delete_user_group: [[['g'], {}, ['group.deleted user_group:g']]],
  add_user_group_members: [
    [['g', 'm', 'n'], {}, ['group.member_added user_group:g', 'group.member_added user_group:g']],
  ],
  remove_user_group_member: [[['g', 'm'], {}, ['group.member_removed user_group:g']]],
  create_user_group_grant: [[['g', 'x', 'w'], { role_id: 'r' }, ['group.role_granted user_group:g']]],
  update_user_group_grant: [[['g', 'x', 'w'], {}, ['group.role_changed user_group:g']]],
  delete_user_group_grant: [[['g', 'x', 'w'], {}, ['group.role_revoked user_group:g']]],
  expire_access: [
    [
      ['g', 'u'],
      { user_group_members_removed: { g: ['u'] }, ended_at: 'then' },
      ['group.member_removed user_group:g'],
    ],
    [['g', 'x', 'w'], { ended_grant_role_id: 'r', ended_at: 'then' }, ['group.role_revoked user_group:g']],
    [['u'], { org_members_removed: { u: 'r' }, ended_at: 'then' }, ['membership.deleted user:u']],
  ],
  create_sso_settings: [[['s'], {}, ['sso_settings.created sso_settings:s']]],
  update_sso_settings: [[['s'], {}, ['sso_settings.updated sso_settings:s']]],
  delete_sso_settings: [[['s'], {}, ['sso_settings.deleted sso_settings:s']]],
  get_sso_settings_current: [[['t'], { test_sign_in: 'started' }, []]],
  update_login_methods: [
    [['org'], { sso_only: true }, ['login_methods.updated organization:org']],
    [['u'], { login: 'rebound' }, ['login_methods.updated user:u']],
  ],
  send_sso_email_confirmation: [[['u'], {}, ['account.confirmation_sent user:u']]],
  confirm_sso_user_email: [[['u'], {}, ['account.email_confirmed user:u']]],
  create_onboarding_state: [[['o'], {}, []]],
  update_onboarding_state: [[['o'], {}, []]],
  create_tag_key: [[['k'], {}, ['tag_key.created tag_key:k']]],
  update_tag_key: [[['k'], {}, ['tag_key.updated tag_key:k']]],
  delete_tag_key: [[['k'], {}, ['tag_key.deleted tag_key:k']]],
  create_tag_value: [[['v'], {}, ['tag_value.created tag_value:v']]],
  update_tag_value: [[['v'], {}, ['tag_value.updated tag_value:v']]],
  delete_tag_value: [[['v'], {}, ['tag_value.deleted tag_value:v']]],
  create_tagging: [[['t', 'v', 'resource'], {}, ['tagging.created tagging:t']]],
  delete_tagging: [[['t'], {}, ['tagging.deleted tagging:t']]],
  create_access_request: [
    [['q'], { role_id: 'editor' }, ['access_request.created access_request:q']],
    [['q'], { user_group_id: 'g', duration_seconds: 3600 }, ['access_request.created access_request:q']],
  ],
  approve_access_request: [[['q'], { role_id: 'viewer' }, ['access_request.approved access_request:q']]],
  decline_access_request: [[['q'], {}, ['access_request.declined access_request:q']]],
  withdraw_access_request: [[['q'], {}, ['access_request.withdrawn access_request:q']]],
  create_oauth_grant: [[['g'], {}, ['credential.created credential:g']]],
  revoke_oauth_grant: [[['g'], {}, ['credential.revoked credential:g']]],
  create_oauth_client: [[['c'], {}, ['application.created application:c']]],
  update_oauth_client: [[['c'], { is_disabled: true }, ['application.updated application:c']]],
  rotate_oauth_client_secret: [[['c'], {}, ['application.secret_rotated application:c']]],
  delete_oauth_client: [[['c'], {}, ['application.deleted application:c']]],
  create_webhook: [[['h'], { host: 'hooks.example.com' }, ['webhook.created webhook:h']]],
  update_webhook: [
    [['h'], { changed: ['url'] }, ['webhook.updated webhook:h']],
    [['h'], { is_enabled: true }, ['webhook.enabled webhook:h']],
    [
      ['h'],
      { changed: ['types'], is_enabled: false, reason: 'admin' },
      ['webhook.updated webhook:h', 'webhook.disabled webhook:h'],
    ],
  ],
  delete_webhook: [[['h'], {}, ['webhook.deleted webhook:h']]],
  rotate_webhook_secret: [[['h'], { overlap_hours: 24 }, ['webhook.secret_rotated webhook:h']]],
  test_webhook: [[['h'], {}, []]],
  redeliver_webhook: [[['h'], { count: 3 }, []]],
  announce_credential_expiry: [
    [
      ['k', 'l'],
      { credential_kind: 'service_key', days: 7 },
      ['credential.expires_soon credential:k', 'credential.expires_soon credential:l'],
    ],
  ],
  create_log_stream: [[['s'], {}, ['log_stream.created log_stream:s']]],
  update_log_stream: [
    [['s'], { changed: ['url'] }, ['log_stream.updated log_stream:s']],
    [['s'], { is_enabled: true }, ['log_stream.enabled log_stream:s']],
    [['s'], { is_enabled: false, reason: 'gone' }, ['log_stream.disabled log_stream:s']],
  ],
  delete_log_stream: [[['s'], {}, ['log_stream.deleted log_stream:s']]],
  test_log_stream: [[['s'], {}, []]],
};

const OPERATIONS = Object.keys(SAMPLES) as AuditOperation[];
const named = (entry: AuditEntry) =>
  eventsOf(entry).map(({ type, subject }) => `${type} ${subject ? `${subject.kind}:${subject.id}` : ''}`);

describe.each(OPERATIONS)('%s', (operation) => {
  it.each(SAMPLES[operation])(
    'makes its events of resources %j and details %j',
    (resourceIds, details, events) => {
      expect(named(entryOf(operation, { resourceIds, details }))).toEqual(events);
    },
  );

  it('gives one event if it is refused, whatever is in the entry', () => {
    const refusal = { succeeded: false, resourceIds: [], responseStatus: 403, details: { code: 'no' } };
    expect(eventsOf(entryOf(operation, refusal))).toMatchObject([
      { type: 'request.refused', subject: null, data: { operation, status: 403, code: 'no' } },
    ]);
  });

  it('names neither addresses nor paths', () => {
    for (const [resourceIds, details] of SAMPLES[operation])
      expect(JSON.stringify(eventsOf(entryOf(operation, { resourceIds, details })))).not.toMatch(
        /192\.0\.2|api\/v1/,
      );
  });
});

it('has a sample for every type', () => {
  const seen = OPERATIONS.flatMap((operation) =>
    SAMPLES[operation].flatMap(([, , events]) => events.map((event) => event.split(' ')[0])),
  );
  expect(new Set([...seen, 'request.refused'])).toEqual(new Set(EVENT_TYPES));
});

it('names the kinds of credentials as other operations do', () => {
  const kindOf = (credentialKind: string | null) => {
    const [event] = eventsOf(entryOf('create_workspace', { credentialKind }));
    return toEvent(event!).actor.credential_kind;
  };

  expect(['personal-access-token', 'session', null].map(kindOf)).toEqual([
    'personal_access_token',
    'session',
    null,
  ]);
});

it('numbers the events of an entry, with its position, time and actor, but not the id of a session', () => {
  const key = { credentialKind: 'service-key', credentialId: 'key' };
  const details = { workspace_roles_changed: { w: { u: { from: 'r', to: 's' } } } };

  const events = eventsOf(entryOf('create_workspace', { details, ...key }));

  const actor = { userId: ADMIN, credentialKind: 'service-key', credentialId: 'key' };
  const common = { sequence: '42', timestamp: new Date('2026-11-29T10:00:00.000Z'), actor };
  expect(events).toEqual([
    {
      ...common,
      id: 'entry-0',
      type: 'workspace.created',
      subject: { kind: 'workspace', id: 'a' },
      data: {},
    },
    {
      ...common,
      id: 'entry-1',
      type: 'workspace_membership.role_changed',
      subject: { kind: 'user', id: 'u' },
      data: { workspace_id: 'w', from_role_id: 'r', to_role_id: 's' },
    },
  ]);
  expect(eventsOf(entryOf('create_role'))[0]?.actor.credentialId).toBeNull();
});

it('makes no event of an operation that a later version writes', () => {
  const details = { org_members_added: { u: 'r' } };
  expect(named(entryOf('create_spaceship' as AuditOperation, { details }))).toEqual([
    'membership.created user:u',
  ]);
});

it('tells what a refused sign-in has ended, and whose it was', () => {
  const details = {
    refusal: 'no_required_group',
    account_id: 'u',
    workspace_members_removed: { w: { u: 'r' } },
  };
  expect(named(entryOf('login', { succeeded: false, resourceIds: [], details }))).toEqual([
    'request.refused user:u',
    'workspace_membership.deleted user:u',
  ]);
});
