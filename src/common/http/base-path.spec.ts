import { describe, expect, it } from '@jest/globals';
import { basePathOf, withoutBasePath } from './base-path.js';

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
