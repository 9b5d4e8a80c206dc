import { Injectable } from '@nestjs/common';
import { mapViolations } from '../../../database/transactions/constraint-violation.js';
import { entityColumns } from '../../../database/statements/entity-columns.js';
import { newId } from '../../../database/statements/new-id.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { SsoDefaultWorkspace, SsoSettings } from './entities.js';
import { MetadataSourceIsSet, SsoSettingsExist } from './errors.js';

export type SsoSetup = { settings: SsoSettings; defaultWorkspaceIds: string[] };

type Changeable = Omit<SsoSettings, 'id' | 'orgId' | 'providerId' | 'createdAt' | 'updatedAt'>;

/** Undefined = unchanged, or the default of the column; null = clear. */
export type SsoChanges = Partial<Changeable> & { defaultWorkspaceIds?: string[] | undefined };
export type NewSsoSetup = SsoChanges & { defaultWorkspaceRoleId: string; defaultWorkspaceIds: string[] };

const OF_ORG = named('sso_settings_of_org')`
  select ${entityColumns(SsoSettings)} from sso_settings where org_id = $1`;

const INSERT_DEFAULTS = named('sso_default_workspaces_insert')`
  insert into sso_default_workspaces (settings_id, org_id, workspace_id)
  select $1, $2, unnest($3::uuid[]) on conflict do nothing`;

const DELETE_OTHER_DEFAULTS = named('sso_default_workspaces_delete_others')`
  delete from sso_default_workspaces where settings_id = $1 and workspace_id <> all($2::uuid[])`;

const LIST_PROVIDERS = named('sso_settings_list_providers')`
  select org_id as "orgId", provider_id as "providerId" from sso_settings where org_id = any($1)`;

const ERRORS = {
  sso_settings_one_per_org: () => new SsoSettingsExist(),
  sso_settings_one_metadata_source: () => new MetadataSourceIsSet(),
};

@Injectable()
export class SsoSettingsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  private get rows() {
    return this.transaction.manager.getRepository(SsoSettings);
  }

  async find(orgId: string): Promise<SsoSetup | null> {
    const settings = await this.sql.row<SsoSettings>(OF_ORG, [orgId]);
    if (!settings) return null;
    const defaults = await this.transaction.manager.find(SsoDefaultWorkspace, {
      where: { settingsId: settings.id },
      order: { workspaceId: 'ASC' },
    });
    return { settings, defaultWorkspaceIds: defaults.map(({ workspaceId }) => workspaceId) };
  }

  /** Omits organizations without settings. */
  listProviders(orgIds: readonly string[]): Promise<Pick<SsoSettings, 'orgId' | 'providerId'>[]> {
    return this.sql.rows(LIST_PROVIDERS, [orgIds]);
  }

  /** The only query by provider instead of by organization. */
  async findOrgOfProvider(providerId: string): Promise<string | null> {
    return (await this.rows.findOneBy({ providerId }))?.orgId ?? null;
  }

  /** Returns the id of the new row. @throws SsoSettingsExist */
  async insert(orgId: string, { defaultWorkspaceIds, ...input }: NewSsoSetup): Promise<string> {
    const id = newId();
    await mapViolations(this.rows.insert({ ...input, id, orgId, providerId: newId() }), ERRORS);
    await this.sql.affected(INSERT_DEFAULTS, [id, orgId, defaultWorkspaceIds]);
    return id;
  }

  /** Adds default workspaces before it removes old ones, since one must always remain. @throws MetadataSourceIsSet */
  async update(orgId: string, id: string, { defaultWorkspaceIds, ...changes }: SsoChanges): Promise<void> {
    const write = this.rows.update({ orgId, id }, { ...changes, updatedAt: () => 'now()' });
    await mapViolations(write, ERRORS);
    if (!defaultWorkspaceIds) return;
    await this.sql.affected(INSERT_DEFAULTS, [id, orgId, defaultWorkspaceIds]);
    await this.sql.affected(DELETE_OTHER_DEFAULTS, [id, defaultWorkspaceIds]);
  }

  async remove(orgId: string, id: string): Promise<void> {
    await this.rows.delete({ orgId, id });
  }
}
