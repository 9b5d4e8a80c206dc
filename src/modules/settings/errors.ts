import { Conflict, Forbidden, NotFound } from '../../common/errors/domain-error.js';

/** A setting that this installation does not offer (docs/contract/http.md#refused-features). */
export class SettingUnavailable extends Forbidden {
  readonly code = 'setting_unavailable';
  constructor(setting: string, gate: string) {
    super(
      `${setting} cannot be set: ${gate} is off for this organization; the operator of this installation decides.`,
    );
  }
}

/** A key must not lift what limits keys (docs/contract/keys.md#keys-made-with-keys). */
export class KeyCreationSwitchNeedsSession extends Forbidden {
  readonly code = 'key_creation_switch_needs_session';
  constructor() {
    super('Sign in to allow keys to create keys; no key or personal access token may do that.');
  }
}

/** With another separator, names of groups give other roles (docs/contract/organizations.md#scim-separators). */
export class OnlyAdminsChangeGroupSeparator extends Forbidden {
  readonly code = 'only_admins_change_group_separator';
  constructor() {
    super(
      'Only an Organization Admin may change scim_group_name_separator: the roles that groups give depend on it.',
    );
  }
}

/** Requires admin rights in both: one organization loses the provisioning of new users, the other receives it. */
export class DefaultOrgChangeForbidden extends Forbidden {
  readonly code = 'default_org_change_forbidden';
  constructor() {
    super(
      'Only an Organization Admin of both this organization and the current default can change the default organization.',
    );
  }
}

export class PersonalOrgCannotBeDefault extends Forbidden {
  readonly code = 'personal_org_cannot_be_default';
  constructor() {
    super('A personal organization has no other members, so it cannot be the default organization.');
  }
}

/** Operators manage members, not how users sign in (docs/contract/sign-in.md#operators-and-login-methods). */
export class OnlyAdminsChangeSso extends Forbidden {
  readonly code = 'only_admins_change_sso';
  constructor() {
    super('Only organization admins can change single sign-on settings.');
  }
}

export class SsoSettingsNotFound extends NotFound {
  readonly code = 'sso_settings_not_found';
  constructor() {
    super('There are no single sign-on settings with this id in the organization.');
  }
}

export class SsoSettingsExist extends Conflict {
  readonly code = 'sso_settings_exist';
  constructor() {
    super('The organization already has single sign-on settings; change those instead.');
  }
}

/** One source is stored and the request contains the other; a request with both is refused before. */
export class MetadataSourceIsSet extends Conflict {
  readonly code = 'metadata_source_is_set';
  constructor() {
    super('Metadata has one source, a URL or XML: clear the stored one with null in the same request.');
  }
}

export class DefaultWorkspacesNotFound extends NotFound {
  readonly code = 'default_workspaces_not_found';
  /** @param missing the unknown ids with their indexes in the request */
  constructor(missing: readonly { index: number; id: string }[]) {
    super('some of these workspaces do not exist', {
      problems: missing.map(({ index, id }) => ({
        loc: ['body', 'default_workspace_ids', index],
        msg: `There is no workspace ${id} here.`,
        type: 'not_found',
      })),
    });
  }
}

/** See docs/contract/http.md#null-and-absent-fields. */
export class OnboardingNotStarted extends NotFound {
  readonly code = 'onboarding_not_started';
  constructor() {
    super('You have no onboarding state yet; create it with a POST.');
  }
}
