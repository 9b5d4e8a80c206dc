import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Config } from '../../config/config.js';
import { mapViolations } from '../../database/transactions/constraint-violation.js';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { RemovalJob } from '../../database/jobs/removal.job.js';
import { named, Sql } from '../../database/transactions/sql.js';
import { sweep } from '../../database/jobs/sweep.statements.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { DeletedWorkspace, Workspace, type WorkspaceSettings } from './entities.js';
import { HandleTaken, OnlyDefaultWorkspace, WorkspaceIdTaken } from './workspaces.errors.js';

const HANDLE_TAKEN = { workspaces_tenant_handle_key: () => new HandleTaken() };
const ONLY_DEFAULT = { sso_default_workspaces_one_remains: () => new OnlyDefaultWorkspace() };
const COLUMNS = entityColumns(Workspace);
const OLDEST_FIRST = { createdAt: 'ASC', id: 'ASC' } as const;

/** An unchanged name continues to count in group names, regardless of who saves it. */
const RENAME = named('workspaces_rename')`
  update workspaces set display_name = $3,
    name_counts_in_groups = $4 or (name_counts_in_groups and display_name = $3),
    name_set_by_admin = $5 or (name_set_by_admin and display_name = $3)
  where org_id = $1 and id = $2 returning ${COLUMNS}`;

const BY_IDS = named('workspaces_by_ids')`
  select ${COLUMNS} from workspaces where org_id = $1 and id = any($2) order by created_at, id`;
const FIRST = named('workspaces_first')`
  select ${COLUMNS} from workspaces where org_id = $1 order by created_at, id limit 1`;

/** Whether the row of `organizations` has as many workspaces as it may. */
export const LIMIT_REACHED = `organizations.max_workspaces <> -1
  and (select count(*) from workspaces w where w.org_id = organizations.id) >= organizations.max_workspaces`;
const IS_LIMIT_REACHED = named('workspaces_is_limit_reached')`
  select ${LIMIT_REACHED} as "isReached" from organizations where id = $1`;

const DELETED_BEFORE = (days: number) =>
  sweep('deleted_workspaces', { key: 'id', time: 'deleted_at', daysLater: days });

@Injectable()
export class WorkspacesRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    removals: RemovalJob,
    { retention }: Config,
  ) {
    const days = retention.deletedWorkspaceDays;
    if (days > 0) removals.addSweep('deleted workspaces', DELETED_BEFORE(days));
  }

  private get rows() {
    return this.transaction.manager.getRepository(Workspace);
  }

  find(orgId: string, id: string): Promise<Workspace | null> {
    return this.rows.findOneBy({ orgId, id });
  }

  listByIds(orgId: string, ids: readonly string[]): Promise<Workspace[]> {
    return this.sql.rows<Workspace>(BY_IDS, [orgId, ids]);
  }

  /** In any organization; for users who are not members yet. */
  listAnywhere(ids: readonly string[]): Promise<Workspace[]> {
    return this.rows.find({ where: { id: In([...ids]) }, order: OLDEST_FIRST });
  }

  listByOrg(orgId: string): Promise<Workspace[]> {
    return this.rows.find({ where: { orgId }, order: OLDEST_FIRST });
  }

  findFirst(orgId: string): Promise<Workspace | null> {
    return this.sql.row<Workspace>(FIRST, [orgId]);
  }

  async isLimitReached(orgId: string): Promise<boolean> {
    return (await this.sql.one<{ isReached: boolean }>(IS_LIMIT_REACHED, [orgId])).isReached;
  }

  /** It waits for the deletion of the same id elsewhere, which leaves a tombstone. @throws WorkspaceIdTaken, HandleTaken */
  async insert(workspace: Omit<Workspace, 'createdAt' | keyof WorkspaceSettings>): Promise<Workspace> {
    const { generatedMaps } = await mapViolations(this.rows.insert({ ...workspace }), {
      workspaces_pkey: () => new WorkspaceIdTaken(),
      ...HANDLE_TAKEN,
    });
    if (await this.transaction.manager.existsBy(DeletedWorkspace, { id: workspace.id }))
      throw new WorkspaceIdTaken();
    return { ...workspace, ...(generatedMaps[0] as Pick<Workspace, 'createdAt' | keyof WorkspaceSettings>) };
  }

  /** The renamed workspace, or null. What `name` says about group names holds for a new name. */
  rename(
    orgId: string,
    id: string,
    name: Pick<Workspace, 'displayName' | 'nameCountsInGroups' | 'nameSetByAdmin'>,
  ): Promise<Workspace | null> {
    const { displayName, nameCountsInGroups, nameSetByAdmin } = name;
    return this.sql.row<Workspace>(RENAME, [orgId, id, displayName, nameCountsInGroups, nameSetByAdmin]);
  }

  async set(orgId: string, id: string, settings: WorkspaceSettings): Promise<void> {
    await this.rows.update({ orgId, id }, settings);
  }

  /** @throws HandleTaken */
  async setHandle(orgId: string, id: string, tenantHandle: string): Promise<boolean> {
    const { affected } = await mapViolations(this.rows.update({ orgId, id }, { tenantHandle }), HANDLE_TAKEN);
    return affected === 1;
  }

  /** Leaves a tombstone for lists that include deleted workspaces. @throws OnlyDefaultWorkspace */
  async remove({ id, orgId, displayName, tenantHandle, createdAt }: Workspace): Promise<void> {
    await mapViolations(this.rows.delete({ orgId, id }), ONLY_DEFAULT);
    const tombstone = { id, orgId, displayName, tenantHandle, createdAt };
    await this.transaction.manager.insert(DeletedWorkspace, tombstone);
  }
}
