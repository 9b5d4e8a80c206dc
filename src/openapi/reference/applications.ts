import type { Task } from './task.js';

const CLIENTS = '/v1/platform/oauth/clients';
const APPS = '/v1/platform/oauth/authorized-apps';

export const applications: Task = {
  title: 'Let applications act for you',
  intro:
    'Programs get access tokens by OAuth 2.1, with a device code or an authorization code and PKCE. The metadata document names the ' +
    'addresses. Bodies are forms; errors are those of RFC 6749. Where the authorization server is off, all of these are 404.',
  operations: {
    'GET /api/v1/.well-known/oauth-authorization-server': { title: 'Find the endpoints (RFC 8414)' },
    'GET /api/v1/.well-known/openid-configuration': {
      title: 'Find the endpoints (OpenID Connect Discovery)',
    },
    'GET /api/v1/.well-known/oauth-protected-resource': { title: 'Find the authorization server of the API' },
    'GET /api/v1/oauth/jwks': { title: 'Get the keys of ID tokens' },
    'POST /api/v1/oauth/device/code': { title: 'Get a device code' },
    'POST /api/v1/oauth/device/request': { title: 'See which device waits with a code' },
    'POST /api/v1/oauth/device/authorize': {
      title: 'Approve or deny a device',
      description:
        'Parameters: `organization_id`, `user_code`, `workspace_id`, and `action` (`approve` or `deny`).',
    },
    'GET /api/v1/oauth/authorize': {
      title: 'Ask for an authorization code',
      values: {
        response_type: 'code',
        client_id: 'langsmith-cli',
        redirect_uri: 'https://app.example.com/callback',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      },
    },
    'GET /api/v1/oauth/authorize/request': {
      title: 'See what a consent page has to show',
      description: 'Takes the parameters of the authorization request.',
    },
    'POST /api/v1/oauth/authorize/approve': {
      title: 'Approve an application',
      description:
        'Parameters: `organization_id`, `workspace_id`, and those of the authorization request. Returns where the browser goes next.',
    },
    'POST /api/v1/oauth/token': {
      title: 'Get or refresh tokens',
      description:
        'Grant types: `authorization_code`, `refresh_token` and `urn:ietf:params:oauth:grant-type:device_code`.',
    },
    'POST /api/v1/oauth/revoke': {
      title: 'End a token',
      description:
        'A refresh token ends all that it can be exchanged for. The response is 200 for every token.',
    },
    'GET /api/v1/oauth/client': { title: 'See an application', values: { client_id: 'langsmith-cli' } },
    'GET /api/v1/oauth/client/{client}': {
      title: 'See an application (by path)',
      values: { client: 'langsmith-cli' },
    },
    'GET /api/v1/userinfo': { title: 'See for whom an access token acts' },
    'POST /api/v1/userinfo': { title: 'See for whom an access token acts (POST)' },
    [`GET ${CLIENTS}`]: {
      title: 'List applications of the organization',
      description: 'For callers with `organization:manage`.',
    },
    [`POST ${CLIENTS}`]: {
      title: 'Create an application',
      description: 'For Organization Admins. `client_secret` is in this response only. At most 100.',
      body: { client_name: 'Reports', redirect_uris: ['https://reports.example.com/callback'] },
    },
    [`GET ${CLIENTS}/{id}`]: {
      title: 'See an application of the organization',
      description: 'For callers with `organization:manage`.',
    },
    [`PATCH ${CLIENTS}/{id}`]: {
      title: 'Change, enable or disable an application',
      description: 'For Organization Admins. Disabling it ends the access that people have given to it.',
      body: { client_name: 'Monthly reports' },
    },
    [`DELETE ${CLIENTS}/{id}`]: {
      title: 'Delete an application',
      description: 'For Organization Admins. The access that people have given to it ends.',
    },
    [`POST ${CLIENTS}/{id}/rotate-secret`]: {
      title: 'Replace the secret of an application',
      description:
        'For Organization Admins. `client_secret` is in this response only. The old one ends at once.',
    },
    [`GET ${APPS}`]: { title: 'List the applications that act for you' },
    [`DELETE ${APPS}/{client}`]: {
      title: 'End the access of an application',
      values: { client: 'langsmith-cli' },
    },
    [`DELETE ${APPS}`]: {
      title: 'End the access of an application (by query)',
      values: { client_id: 'langsmith-cli' },
    },
    'POST /api/v1/oauth/register': {
      title: 'Register an application for all organizations',
      description:
        'RFC 7591. It is public, gets no secret, and is removed after 30 days without a grant. 20 per address and hour.',
      body: { client_name: 'My program', redirect_uris: ['http://127.0.0.1/callback'] },
    },
  },
};
