/** What an installation allows or forbids for everybody; guards and services read it as `config.flags`. */
export interface FeatureFlags {
  /** True: on for every org; false: off for every org; undefined: each org decides (contract decision 9). */
  readonly workspaceScopeOrgInvites: boolean | undefined;
  readonly personalOrgsDisabled: boolean;
  readonly orgCreationDisabled: boolean;
  readonly infoEndpointAuthRequired: boolean;
  readonly patCreationDisabled: boolean;
  readonly jitProvisioning: boolean;
}

interface FeatureFlag<Value extends boolean | undefined> {
  /** Environment variables that set it; all spellings mean the same. */
  readonly variables: readonly [string, ...string[]];
  readonly default: Value;
  readonly meaning: string;
  /** Its key in `instance_flags` of `GET /api/v1/info` (semantics, section 14); null: clients are not told. */
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
    meaning: 'Nobody gets a personal organization. Always so where people log in with passwords.',
    instanceFlag: 'personal_orgs_disabled',
  },
  orgCreationDisabled: {
    variables: ['ORG_CREATION_DISABLED', 'FF_ORG_CREATION_DISABLED'],
    default: true,
    meaning: 'Users cannot create organizations. Always so where people log in with passwords.',
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
    meaning: 'Nobody can create a personal access token.',
    instanceFlag: null,
  },
  jitProvisioning: {
    variables: ['SELF_HOSTED_JIT_PROVISIONING_ENABLED'],
    default: true,
    meaning: 'People who sign in for the first time may join the default organization, if it allows that.',
    instanceFlag: 'self_hosted_jit_provisioning_enabled',
  },
};

export const FEATURE_FLAG_NAMES = Object.keys(FEATURE_FLAGS) as (keyof FeatureFlags)[];

/** The flags as `GET /api/v1/info` shows them: booleans only, so a flag left to each org shows false. */
export function instanceFlags(flags: FeatureFlags): Record<string, boolean> {
  const shown: Record<string, boolean> = {};
  for (const name of FEATURE_FLAG_NAMES) {
    const { instanceFlag } = FEATURE_FLAGS[name];
    if (instanceFlag !== null) shown[instanceFlag] = flags[name] ?? false;
  }
  return shown;
}
