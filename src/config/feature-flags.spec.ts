import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from './parse-environment.js';
import { FEATURE_FLAGS, FEATURE_FLAG_NAMES, instanceFlags } from './feature-flags.js';

describe('instanceFlags', () => {
  it('returns the four flags of GET /info, with an undefined flag as false', () => {
    expect(instanceFlags(parseEnvironment({}).flags)).toEqual({
      org_creation_disabled: true,
      personal_orgs_disabled: true,
      self_hosted_jit_provisioning_enabled: true,
      workspace_scope_org_invites: false,
    });
  });

  it('returns the configured values of the flags', () => {
    const { flags } = parseEnvironment({
      ORG_CREATION_DISABLED: 'false',
      PERSONAL_ORGS_DISABLED: 'false',
      SELF_HOSTED_JIT_PROVISIONING_ENABLED: 'false',
      WORKSPACE_SCOPE_ORG_INVITES_ENABLED: 'true',
    });
    expect(instanceFlags(flags)).toEqual({
      org_creation_disabled: false,
      personal_orgs_disabled: false,
      self_hosted_jit_provisioning_enabled: false,
      workspace_scope_org_invites: true,
    });
  });
});

describe('a feature flag', () => {
  it.each(FEATURE_FLAG_NAMES)('the flag %s is set by its own variable and by no other', (name) => {
    const defaults = parseEnvironment({}).flags;
    for (const variable of FEATURE_FLAGS[name].variables) {
      const { flags } = parseEnvironment({ [variable]: String(!defaults[name]) });
      expect(flags).toEqual({ ...defaults, [name]: !defaults[name] });
    }
  });
});
