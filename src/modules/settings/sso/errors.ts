import { Conflict, Forbidden, NotFound } from '../../../common/errors/domain-error.js';

/** Operators manage members, not how users sign in (docs/contract/sign-in.md#operators-and-login-methods). */
export class OnlyAdminsChangeSso extends Forbidden {
  static readonly message = 'Only organization admins can change single sign-on settings.';
}

export class SsoSettingsNotFound extends NotFound {
  static readonly message = 'There are no single sign-on settings with this id in the organization.';
}

export class SsoSettingsExist extends Conflict {
  static readonly message = 'The organization already has single sign-on settings; change those instead.';
}

/** One source is stored and the request contains the other; a request with both is refused before. */
export class MetadataSourceIsSet extends Conflict {
  static readonly message =
    'Metadata has one source, a URL or XML: clear the stored one with null in the same request.';
}

export class DefaultWorkspacesNotFound extends NotFound {
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
