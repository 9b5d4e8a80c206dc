/** What the installation allows or forbids in all organizations; injected as `config.flags`. */
export interface FeatureFlags {
  /**
   * True: on for all organizations; false: off for all; undefined: each organization decides
   * (docs/contract/invitations.md#who-may-invite).
   */
  readonly workspaceScopeOrgInvites: boolean | undefined;
  readonly personalOrgsDisabled: boolean;
  readonly orgCreationDisabled: boolean;
  readonly infoEndpointAuthRequired: boolean;
  readonly patCreationDisabled: boolean;
  readonly jitProvisioning: boolean;
}

interface FeatureFlag<Value extends boolean | undefined> {
  /** The environment variables that set the flag; all names are equivalent. */
  readonly variables: readonly [string, ...string[]];
  readonly default: Value;
  readonly meaning: string;
  /**
   * The key in `instance_flags` of `GET /api/v1/info` (docs/contract/organizations.md#info-flags); null: not published.
   */
  readonly instanceFlag: string | null;
}

export const FEATURE_FLAGS: { readonly [Name in keyof FeatureFlags]: FeatureFlag<FeatureFlags[Name]> } = {
  workspaceScopeOrgInvites: {
    variables: ['WORKSPACE_SCOPE_ORG_INVITES_ENABLED', 'FF_WORKSPACE_SCOPE_ORG_INVITES_ENABLED'],
    default: undefined,
    meaning: 'Workspace admins may invite new people to the organization. Unset: each organization decides.',
    instanceFlag: 'workspace_scope_org_invites',
  },
  personalOrgsDisabled: {
    variables: ['PERSONAL_ORGS_DISABLED', 'FF_PERSONAL_ORGS_DISABLED'],
    default: true,
    meaning: 'No user gets a personal organization. Always the case with password login.',
    instanceFlag: 'personal_orgs_disabled',
  },
  orgCreationDisabled: {
    variables: ['ORG_CREATION_DISABLED', 'FF_ORG_CREATION_DISABLED'],
    default: true,
    meaning: 'Users cannot create organizations. Always the case with password login.',
    instanceFlag: 'org_creation_disabled',
  },
  infoEndpointAuthRequired: {
    variables: ['INFO_ENDPOINT_AUTH_REQUIRED', 'FF_INFO_ENDPOINT_AUTH_REQUIRED'],
    default: false,
    meaning: 'GET /api/v1/info answers 401 without credentials.',
    instanceFlag: null,
  },
  patCreationDisabled: {
    variables: ['PAT_CREATION_DISABLED'],
    default: false,
    meaning: 'Personal access tokens cannot be created.',
    instanceFlag: null,
  },
  jitProvisioning: {
    variables: ['SELF_HOSTED_JIT_PROVISIONING_ENABLED'],
    default: true,
    meaning: 'Users who sign in for the first time may join the default organization, if it allows that.',
    instanceFlag: 'self_hosted_jit_provisioning_enabled',
  },
};

export const FEATURE_FLAG_NAMES = Object.keys(FEATURE_FLAGS) as (keyof FeatureFlags)[];

/** The flags as `GET /api/v1/info` shows them. Only booleans are published: an undefined flag is shown as false. */
export function instanceFlags(flags: FeatureFlags): Record<string, boolean> {
  const shown: Record<string, boolean> = {};
  for (const name of FEATURE_FLAG_NAMES) {
    const { instanceFlag } = FEATURE_FLAGS[name];
    if (instanceFlag !== null) shown[instanceFlag] = flags[name] ?? false;
  }
  return shown;
}
