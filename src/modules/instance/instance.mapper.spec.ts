import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from '../../config/parse-environment.js';
import { toInfo } from './instance.mapper.js';

const publishedFlags = (environment: NodeJS.ProcessEnv) =>
  toInfo(parseEnvironment(environment).flags).instance_flags;

describe('the flags of GET /api/v1/info', () => {
  it('are the defaults, with an undecided flag as false', () => {
    expect(publishedFlags({})).toEqual({
      access_expiry: true,
      org_creation_disabled: true,
      personal_orgs_disabled: true,
      self_hosted_jit_provisioning_enabled: true,
      workspace_scope_org_invites: false,
    });
  });

  it('are the configured values', () => {
    const environment = {
      ORG_CREATION_DISABLED: 'false',
      PERSONAL_ORGS_DISABLED: 'false',
      SELF_HOSTED_JIT_PROVISIONING_ENABLED: 'false',
      WORKSPACE_SCOPE_ORG_INVITES_ENABLED: 'true',
    };
    expect(publishedFlags(environment)).toEqual({
      access_expiry: true,
      org_creation_disabled: false,
      personal_orgs_disabled: false,
      self_hosted_jit_provisioning_enabled: false,
      workspace_scope_org_invites: true,
    });
  });
});
