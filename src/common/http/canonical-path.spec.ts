import { describe, expect, it } from '@jest/globals';
import { canonicalPath } from './canonical-path.js';

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
    ['/docs', '/docs'],
  ])('the path %s is served as %s', (url, path) => {
    expect(canonicalPath(url)).toBe(path);
  });
});
