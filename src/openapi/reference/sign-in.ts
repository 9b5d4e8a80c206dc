import { systemRole } from '../../modules/roles/index.js';
import { EXAMPLE_IDS, type Task } from './task.js';

export const signIn: Task = {
  title: 'Sign in and see who you are',
  intro:
    'Users sign in and get a session; scripts use keys. Send a session as `Authorization: Bearer …`, a key as ' +
    '`X-API-Key: …`. `X-Organization-Id` and `X-Tenant-Id` choose the organization and the workspace when a credential ' +
    'can see more than one.',
  operations: {
    'POST /api/v1/login': {
      title: 'Sign in with e-mail and password',
      description:
        'With HTTP Basic, or with a JSON body `{email, password}`. The response to wrong credentials is the same 401 ' +
        'whether or not the account exists.',
    },
    'POST /api/v1/login/password-link': {
      title: 'Ask for a link to set a new password',
      description: 'With basic auth and a mail server. The response is the same for every address.',
      body: { email: 'ada@example.com' },
    },
    'POST /api/v1/login/password-link/check': {
      title: 'See for whom a password link is',
      body: { token: 'the-token-of-the-link' },
    },
    'POST /api/v1/login/password': {
      title: 'Set your password with a link',
      description:
        'Accepts the invitation, too, if the link is from one. All sessions of the account end; sign in afterwards.',
      body: { token: 'the-token-of-the-link', password: 'Correct-Horse-Battery' },
    },
    'GET /api/v1/me/ls_user_id': { title: 'See your own user id' },
    'GET /auth/public': { title: 'See whose credential it is' },
    'GET /api/v1/orgs/permissions': { title: 'List all permissions' },
    'PATCH /api/v1/orgs/members/basic': {
      title: 'Change your own name or password',
      description: 'A new password ends all of your other sessions at once.',
      body: { full_name: 'Ada Lovelace' },
    },
    'GET /api/v1/orgs/current/user/login-methods': { title: 'See how you can sign in' },
    'GET /api/v1/sso/settings/{sso_login_slug}': { title: 'Find the identity provider of a login page' },
    'POST /api/v1/sso/email-lookup': {
      title: 'Find the identity provider of an e-mail address',
      body: { email: 'ada@example.com' },
    },
    'GET /api/v1/oauth/custom-oidc/login': { title: 'Start single sign-on' },
    'POST /api/v1/oauth/custom-oidc/login': { title: 'Start single sign-on (form of another site)' },
    'GET /signed-out': { title: 'Page after a logout' },
    'GET /api/v1/oauth/custom-oidc/callback': { title: 'Redirect URI for the identity provider' },
    'POST /api/v1/oauth/custom-oidc/callback': {
      title: 'Redirect URI for the identity provider (form post)',
    },
    'POST /oauth-callback': { title: 'Redirect URI for the identity provider (form post, older path)' },
    'POST /api/v1/oauth/custom-oidc/logout': { title: 'Sign out' },
    'GET /api/v1/oauth/custom-oidc/frontchannel-logout': {
      title: 'Front-channel logout for the identity provider',
    },
    'POST /api/v1/oauth/custom-oidc/backchannel-logout': {
      title: 'Back-channel logout for the identity provider',
    },
    'POST /api/v1/sso/email-verification/send': {
      title: 'Send a mail to verify your e-mail address',
      body: { email: 'ada@example.com', saml_provider_id: EXAMPLE_IDS.PROVIDER_ID.example },
    },
    'POST /api/v1/sso/email-verification/status': {
      title: 'See whether an e-mail address is verified',
      body: { email: 'ada@example.com', saml_provider_id: EXAMPLE_IDS.PROVIDER_ID.example },
    },
    'POST /api/v1/sso/email-verification/confirm': {
      title: 'Verify an e-mail address with the token from the mail',
      body: { token: 'the-token-of-the-link' },
    },
    'GET /api/v1/me/sessions': {
      title: 'See where you are signed in',
      description: 'The current session first, then the most recently used ones, at most 100.',
    },
    'GET /api/v1/me/ended-access': {
      title: 'See where your access has ended',
      description:
        'The organizations in which you had access until a date, the latest first, and which admin set it. Any signed-in user.',
    },
    'DELETE /api/v1/me/sessions/{session_id}': { title: 'End one of your sessions' },
    'DELETE /api/v1/me/sessions': {
      title: 'Sign out everywhere',
      description: 'Ends all of your sessions at once, the current one included.',
    },
    'POST /api/v1/me/onboarding_state': { title: 'Start the list of your first steps' },
    'GET /api/v1/me/onboarding_state': { title: 'See which of your first steps are done' },
    'PUT /api/v1/me/onboarding_state/{field}': {
      title: 'Mark one of your first steps as done',
      values: { field: 'tracing_completed_at' },
    },
  },
};

const VIEWER = systemRole('WORKSPACE_VIEWER').id;

const ROTATES =
  'Its id, expiry and rights stay, and what was created with it. The old secret ends at once, or works beside the new one for ' +
  '`overlap_hours`; meanwhile it neither creates nor rotates keys and tokens. Rotating again ends it at once. With a key or token, ' +
  'only where keys may create keys.';

const ENDS_CREATED = '`revoke_created=true` also ends what was created with it, and lists that.';

export const keys: Task = {
  title: 'Create keys',
  intro:
    'A personal access token acts as its owner, with the current roles of its owner. A service key acts for ' +
    'itself, in the workspaces and with the roles it was given. A key is shown once, when it is created; only a digest of ' +
    'it is stored. A key that is created with a key expires no later than that one.',
  operations: {
    'GET /api/v1/orgs/current/personal-access-tokens': { title: 'List your own tokens' },
    'POST /api/v1/orgs/current/personal-access-tokens': {
      title: 'Create a token for yourself',
      body: { description: 'My laptop' },
    },
    'DELETE /api/v1/orgs/current/personal-access-tokens/{pat_id}': {
      title: 'Delete one of your tokens',
      description: `With the tokens that were created with it. ${ENDS_CREATED}`,
    },
    'POST /api/v1/orgs/current/personal-access-tokens/{pat_id}/revocation': {
      title: 'Revoke a token',
      description:
        'It stops working with the next request, as do tokens that were created with it, and can be reinstated. ' +
        `Organization admins revoke tokens of every member. ${ENDS_CREATED}`,
    },
    'DELETE /api/v1/orgs/current/personal-access-tokens/{pat_id}/revocation': {
      title: 'Reinstate a revoked token',
      description: 'With the tokens that were revoked with it. A token that expired meanwhile stays expired.',
    },
    'POST /api/v1/orgs/current/personal-access-tokens/{pat_id}/rotate': {
      title: 'Replace the secret of one of your tokens',
      description: `For its owner: with a session, the token itself or the token that it was created with. ${ROTATES}`,
      body: { overlap_hours: 24 },
    },
    'GET /api/v1/orgs/current/members/personal-access-tokens': {
      title: 'List the tokens of all members',
      description: 'For organization admins. `created_by` is the owner.',
    },
    'GET /api/v1/orgs/current/service-keys': {
      title: 'List service keys',
      description:
        '`created_by` is the e-mail address of the member who created a key, or the key that it was created with; ' +
        'null if unknown, or no longer a member. `created_by_ls_user_id` stays. `exceeds_creator` marks keys that allow ' +
        'more than that member may do at present.',
    },
    'POST /api/v1/orgs/current/service-keys': {
      title: 'Create a service key',
      description:
        'Without `workspaces` it is for the whole organization; only organization admins may create such a key. Others need ' +
        '`workspaces:manage-keys` in each workspace, and give no more than they hold there.',
      body: {
        description: 'Nightly report',
        workspaces: [EXAMPLE_IDS.WORKSPACE_ID.example],
        role_id: VIEWER,
      },
    },
    'PATCH /api/v1/orgs/current/service-keys/{api_key_id}': {
      title: 'Change a service key',
      description:
        'Its description, workspaces and roles; the secret stays the same. Allowed for callers who manage the ' +
        'keys of all its workspaces and hold there what the change gives and takes. The expiry cannot be changed, and a key cannot change itself.',
      body: { role_id: VIEWER },
    },
    'DELETE /api/v1/orgs/current/service-keys/{api_key_id}': {
      title: 'Delete a service key',
      description:
        'For those who manage the keys of all its workspaces or the organization, and for who created it. A key for the ' +
        `whole organization is deleted by organization admins. ${ENDS_CREATED}`,
    },
    'POST /api/v1/orgs/current/service-keys/{api_key_id}/rotate': {
      title: 'Replace the secret of a service key',
      description:
        'For those who could create the key as it is: a key for the whole organization needs an organization admin, others ' +
        '`workspaces:manage-keys` in each workspace, within what the caller holds there. A key or token rotates none that ' +
        `expires later than itself. ${ROTATES}`,
      body: { overlap_hours: 24 },
    },
    'GET /api/v1/orgs/current/credentials': {
      title: 'List all keys and tokens',
      description:
        'Valid service keys, personal access tokens and SCIM tokens, the newest first. For callers with `organization:manage`, ' +
        'who see service keys; the other kinds are for Organization Admins.',
    },
    'POST /api/v1/orgs/current/credentials/weaker-sign-ins': {
      title: 'Count sessions and tokens of weaker sign-ins',
      body: { required_acr: ['urn:example:mfa'], max_authentication_age: 3600 },
    },
    'POST /api/v1/orgs/current/credentials/revocation': {
      title: 'Revoke several keys and tokens',
      description:
        'For callers with `organization:manage`, within what they see in the list and may end. Without `dry_run: false` and ' +
        'the `expected_count` of the dry run, nothing is revoked.',
      body: { filter: { unused_for_days: 90 } },
    },
    'GET /api/v1/service-accounts': { title: 'List service accounts' },
    'POST /api/v1/service-accounts': {
      title: 'Create a service account',
      description: 'A named account that is not a user and takes no seat.',
      body: {
        name: 'Deployment',
        workspaces: [{ workspace_id: EXAMPLE_IDS.WORKSPACE_ID.example, role_id: VIEWER }],
      },
    },
    'DELETE /api/v1/service-accounts/{service_account_id}': { title: 'Delete a service account' },
    'GET /api/v1/api-key': { title: 'List the service keys of the current workspace' },
    'POST /api/v1/api-key': {
      title: 'Create a service key for the current workspace',
      body: { description: 'Build' },
    },
    'DELETE /api/v1/api-key/{api_key_id}': { title: 'Delete a service key of the current workspace' },
    'GET /api/v1/api-key/current': { title: 'List your own tokens (older path)' },
    'POST /api/v1/api-key/current': {
      title: 'Create a token for yourself (older path)',
      body: { description: 'My laptop' },
    },
    'DELETE /api/v1/api-key/current/{pat_id}': { title: 'Delete one of your tokens (older path)' },
  },
};
