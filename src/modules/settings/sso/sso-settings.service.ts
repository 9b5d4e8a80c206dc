import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { type Actor, AuditTrail, operatorIn } from '../../audit/index.js';
import { OrgsRepository } from '../../orgs/index.js';
import { RolesService } from '../../roles/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { DefaultWorkspacesNotFound, SsoSettingsNotFound } from './errors.js';
import {
  type NewSsoSetup,
  type SsoChanges,
  SsoSettingsRepository,
  type SsoSetup,
} from './sso-settings.repository.js';

/** Changes apply to users who join later (docs/contract/organizations.md#defaults-for-new-members). */
@Injectable()
export class SsoSettingsService {
  constructor(
    private readonly settings: SsoSettingsRepository,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly orgs: OrgsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async list(orgId: string): Promise<SsoSetup[]> {
    const setup = await this.settings.find(orgId);
    return setup ? [setup] : [];
  }

  create(principal: OrgPrincipal, input: NewSsoSetup): Promise<SsoSetup> {
    return this.transaction.as(principal, () => this.insert(principal, principal.orgId, input));
  }

  /** Leaves existing settings as they are. In the open transaction, which holds the roster lock. */
  async install(orgId: string, input: NewSsoSetup): Promise<void> {
    if ((await this.settings.find(orgId)) === null) await this.insert(operatorIn(orgId), orgId, input);
  }

  update(principal: OrgPrincipal, id: string, changes: SsoChanges): Promise<SsoSetup> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      await this.get(orgId, id);
      await this.assertUsable(orgId, changes);
      await this.settings.update(orgId, id, changes);
      await this.audit.record(principal, 'update_sso_settings', [id]);
      return this.get(orgId, id);
    });
  }

  remove(principal: OrgPrincipal, id: string): Promise<SsoSetup> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      const setup = await this.get(orgId, id);
      await this.settings.remove(orgId, id);
      await this.audit.record(principal, 'delete_sso_settings', [id]);
      return setup;
    });
  }

  private async insert(actor: Actor, orgId: string, input: NewSsoSetup): Promise<SsoSetup> {
    await this.assertUsable(orgId, input);
    const id = await this.settings.insert(orgId, input);
    await this.ensureLoginSlug(orgId);
    await this.audit.record(actor, 'create_sso_settings', [id]);
    return this.get(orgId, id);
  }

  /** Created once and kept: links to the login page outlive the settings. */
  private async ensureLoginSlug(orgId: string): Promise<void> {
    const { ssoLoginSlug, displayName } = await this.orgs.get(orgId);
    if (!ssoLoginSlug) await this.orgs.update(orgId, { ssoLoginSlug: loginSlug(displayName) });
  }

  private async get(orgId: string, id: string): Promise<SsoSetup> {
    const setup = await this.settings.find(orgId);
    if (setup?.settings.id !== id) throw new SsoSettingsNotFound();
    return setup;
  }

  /** Under the roster lock, so that no default workspace is deleted meanwhile. @throws DefaultWorkspacesNotFound */
  private async assertUsable(
    orgId: string,
    { defaultWorkspaceIds = [], defaultWorkspaceRoleId }: SsoChanges,
  ): Promise<void> {
    const existing = await this.workspaces.findByIds(orgId, defaultWorkspaceIds);
    const missing = defaultWorkspaceIds
      .map((id, index) => ({ id, index }))
      .filter(({ id }) => !existing.has(id));
    if (missing.length > 0) throw new DefaultWorkspacesNotFound(missing);
    if (defaultWorkspaceRoleId) await this.roles.get(orgId, defaultWorkspaceRoleId, 'workspace');
  }
}

const MAX_LENGTH = 40; // characters

function loginSlug(displayName: string): string {
  const words = displayName.toLowerCase().match(/[a-z0-9]+/g) ?? ['org'];
  const name = words.join('-').slice(0, MAX_LENGTH).replace(/-$/, '');
  return `${name}-${randomBytes(5).toString('hex')}`;
}
