import type { Break } from '../break.ts';

const DEFAULT_ORG = 'src/modules/settings/move-default-org.ts';
const VISIBLE_WORKSPACES = 'src/modules/workspaces/visible-workspaces.statements.ts';

/** Settings, workspaces and feature flags. */
export const SETTINGS: readonly Break[] = [
  {
    id: 'settings.default-organization-admin-of-both',
    file: DEFAULT_ORG,
    find: `this.isAdminOf([current, target], principal.userId)`,
    replace: 'this.isAdminOf([target], principal.userId)',
    why: 'The admin of any organization could make everybody arrive there.',
    tests: ['test/e2e/default-org.e2e.ts'],
  },
  {
    id: 'settings.default-organization-active-admin',
    file: DEFAULT_ORG,
    find: 'if (membership?.roleId !== ORG_ADMIN_ID || membership.isDisabled) return false;',
    replace: 'if (membership?.roleId !== ORG_ADMIN_ID) return false;',
    why: 'A disabled admin could still move the default organization.',
    tests: ['test/e2e/default-org.e2e.ts'],
  },
  {
    id: 'settings.default-organization-not-personal',
    file: DEFAULT_ORG,
    find: 'if (target.isPersonal) throw new PersonalOrgCannotBeDefault();',
    replace: '',
    why: 'A personal organization could become the one where everybody arrives.',
    tests: ['test/e2e/default-org.e2e.ts'],
  },
  {
    id: 'settings.sso-settings-of-this-organization',
    file: 'src/modules/settings/sso/sso-settings.service.ts',
    find: 'if (setup?.settings.id !== id) throw new SsoSettingsNotFound();',
    replace: 'if (!setup) throw new SsoSettingsNotFound();',
    why: 'The settings of the own organization would be answered for any id.',
    tests: ['test/e2e/sso-settings.e2e.ts'],
  },
  {
    id: 'settings.default-workspaces-of-this-organization',
    file: 'src/modules/settings/sso/sso-settings.service.ts',
    find: 'if (missing.length > 0) throw new DefaultWorkspacesNotFound(missing);',
    replace: '',
    why: 'Newcomers could be sent to workspaces of other organizations.',
    tests: ['test/e2e/sso-settings.e2e.ts'],
  },
  {
    id: 'settings.single-sign-on-only-from-single-sign-on',
    file: 'src/modules/auth/sign-in/login-methods/org-login-methods.service.ts',
    find: `if (ssoOnly && principal.sessionMethod !== 'sso') throw new SsoSessionRequired();`,
    replace: '',
    why: 'An admin without single sign-on could lock everybody out, themselves included.',
    tests: ['test/e2e/login-methods.e2e.ts'],
  },
  {
    id: 'settings.workspaces-of-this-organization',
    file: 'src/modules/workspaces/workspaces.repository.ts',
    find: `where('org_id = $1 and id = any($2)')`,
    replace: `where('$1::uuid is not null and id = any($2)')`,
    why: 'Workspaces of other organizations could be named in invitations and keys.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'settings.workspaces-of-disabled-members',
    file: VISIBLE_WORKSPACES,
    find: 'm.user_id = $1 and not m.is_disabled and',
    replace: 'm.user_id = $1 and',
    why: 'A disabled member would still see the workspaces of the organization.',
    tests: ['test/e2e/workspaces.e2e.ts'],
  },
  {
    id: 'settings.workspaces-of-admins-only',
    file: VISIBLE_WORKSPACES,
    find: "where w.org_id = m.org_id and m.role_id = '${ORG_ADMIN_ID}'",
    replace: 'where w.org_id = m.org_id',
    why: 'Every member would see all workspaces of the organization.',
    tests: ['test/e2e/workspaces.e2e.ts'],
  },
  {
    id: 'settings.workspace-limit',
    file: 'src/modules/workspaces/workspaces.service.ts',
    find: `if (await this.isLimitReached(org)) throw new WorkspaceLimitReached(org);`,
    replace: '',
    why: 'An organization could have more workspaces than its limit.',
    tests: ['test/e2e/workspaces.e2e.ts'],
  },
  {
    id: 'settings.flag-just-in-time',
    file: 'src/modules/auth/sign-in/provisioning/sign-in-context-loader.ts',
    find: 'org.jitProvisioningEnabled && this.config.flags.jitProvisioning',
    replace: 'org.jitProvisioningEnabled',
    why: 'Anybody with a login at the provider would come in although the installation forbids it.',
    tests: ['test/e2e/sso-provisioning.e2e.ts'],
  },
  {
    id: 'settings.flag-info',
    file: 'src/modules/instance/instance.service.ts',
    find: 'if (!this.config.flags.infoEndpointAuthRequired) return;',
    replace: 'if (request.url) return;',
    why: 'Strangers would read what the installation wants to show to users only.',
    tests: ['test/e2e/instance.e2e.ts'],
  },
];
