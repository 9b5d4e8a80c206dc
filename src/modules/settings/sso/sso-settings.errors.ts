import { Conflict, Forbidden, NotFound } from '../../../common/errors/domain-error.js';

/** Operators manage members, not how people get in (contract decision 5). */
export class OnlyAdminsChangeSso extends Forbidden {
  readonly code = 'only_admins_change_sso';
  constructor() {
    super('Single sign-on settings are managed by organization admins.');
  }
}

export class SsoSettingsNotFound extends NotFound {
  readonly code = 'sso_settings_not_found';
  constructor() {
    super('There are no such single sign-on settings here.');
  }
}

export class SsoSettingsExist extends Conflict {
  readonly code = 'sso_settings_exist';
  constructor() {
    super('The organization has single sign-on settings already; change those.');
  }
}

/** One is stored and the other was sent; both in one request are refused before. */
export class MetadataSourceIsSet extends Conflict {
  readonly code = 'metadata_source_is_set';
  constructor() {
    super('Metadata has one source, a URL or XML: clear the present one with null in the same request.');
  }
}

export class DefaultWorkspacesNotFound extends NotFound {
  readonly code = 'default_workspaces_not_found';
  /** @param missing the ids, by their places in the list that was sent */
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
