import { describe, expect, it } from '@jest/globals';
import { basePathOf, canonicalPath, withoutBasePath } from './request-path.js';

describe('the base path', () => {
  it.each([
    [null, ''],
    ['https://tenantry.test', ''],
    ['https://tenantry.test/a/b', '/a/b'],
  ])('is the path of the public URL: %s has %j', (publicUrl, basePath) => {
    expect(basePathOf(publicUrl)).toBe(basePath);
  });

  it.each([
    ['/langsmith/api/v1/ok?x=1', '/langsmith', '/api/v1/ok?x=1'],
    ['/langsmith', '/langsmith', '/'],
    ['/langsmith?x=1', '/langsmith', '/?x=1'],
    ['/api/v1/ok', '/langsmith', '/api/v1/ok'],
    ['/langsmithx/api/v1/ok', '/langsmith', '/langsmithx/api/v1/ok'],
    ['/langsmith/langsmith/api', '/langsmith', '/langsmith/api'],
    ['/a/b/scim/v2/Users', '/a/b', '/scim/v2/Users'],
    ['/api/v1/ok', '/api', '/api/v1/ok'],
    ['/langsmith/api/v1/ok', '', '/langsmith/api/v1/ok'],
  ])('is removed once: the request target %s below %j is routed as %s', (target, basePath, path) => {
    expect(withoutBasePath(target, basePath)).toBe(path);
  });
});

describe('the aliases of the gateway', () => {
  it.each([
    ['/api/v1/orgs/current', '/api/v1/orgs/current'],
    ['/api/orgs/current?limit=1', '/api/v1/orgs/current?limit=1'],
    ['/api/v1', '/api/v1'],
    ['/api/v1?x=/api/y', '/api/v1?x=/api/y'],
    ['/api/v1/platform/orgs/current/info', '/v1/platform/orgs/current/info'],
    ['/api/platform/orgs/current/info', '/v1/platform/orgs/current/info'],
    ['/v1/platform/orgs/current/info', '/v1/platform/orgs/current/info'],
    ['/api/v1/auth/public', '/auth/public'],
    ['/api/auth/public', '/auth/public'],
    ['/api/v10/orgs', '/api/v1/v10/orgs'],
    ['/scim/v2//Users?filter=a//b', '/scim/v2/Users?filter=a//b'],
    ['/docs', '/docs'],
    ['/api/docs', '/docs'],
    ['/api/docs/reference.js', '/docs/reference.js'],
    ['/api/openapi.json', '/openapi.json'],
    ['/api/docsx', '/api/v1/docsx'],
    ['/info', '/api/v1/info'],
    ['/info/health?x=1', '/api/v1/info/health?x=1'],
    ['/settings', '/api/v1/settings'],
    ['/settings?x', '/api/v1/settings?x'],
    ['/settings/handle', '/api/v1/settings/handle'],
    ['/workspaces', '/api/v1/workspaces'],
    ['/workspaces/current/members', '/api/v1/workspaces/current/members'],
    ['/me/ls_user_id', '/api/v1/me/ls_user_id'],
    ['/oauth/custom-oidc/login', '/api/v1/oauth/custom-oidc/login'],
    ['/me', '/api/v1/me'],
    ['/mex', '/mex'],
    ['/api/me', '/api/v1/me'],
    ['/api/info', '/api/v1/info'],
    ['/api/redoc', '/docs'],
    ['/oauth', '/oauth'],
    ['/oauth-callback', '/oauth-callback'],
    ['/information', '/information'],
    ['/workspacesx', '/workspacesx'],
    ['/orgs', '/orgs'],
    ['/scim/v2/workspaces', '/scim/v2/workspaces'],
  ])('the path %s is served as %s', (url, path) => {
    expect(canonicalPath(url)).toBe(path);
  });
});
