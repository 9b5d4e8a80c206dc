import { EXAMPLE_IDS } from './id-sources.js';
import type { Task } from './task.js';

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
