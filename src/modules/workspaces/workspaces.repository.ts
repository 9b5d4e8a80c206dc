import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Config } from '../../config/config.js';
import { mapViolations } from '../../database/transactions/constraint-violation.js';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { RemovalJob } from '../../database/jobs/removal.job.js';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import { sweep } from '../../database/jobs/sweep.statements.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { DeletedWorkspace, Workspace } from './entities.js';
import { HandleTaken, OnlyDefaultWorkspace, WorkspaceIdTaken } from './workspaces.errors.js';

const HANDLE_TAKEN = { workspaces_tenant_handle_key: () => new HandleTaken() };
const ONLY_DEFAULT = { sso_default_workspaces_one_remains: () => new OnlyDefaultWorkspace() };
const OLDEST_FIRST = { createdAt: 'ASC', id: 'ASC' } as const;

/** An unchanged name continues to count in group names, regardless of who saves it. */
const RENAME = `
  update workspaces set display_name = $3,
    name_counts_in_groups = $4 or (name_counts_in_groups and display_name = $3),
    name_set_by_admin = $5 or (name_set_by_admin and display_name = $3)
  where org_id = $1 and id = $2`;

const DELETED_BEFORE = (days: number) =>
  sweep('deleted_workspaces', { key: 'id', time: 'deleted_at', daysLater: days });

@Injectable()
export class WorkspacesRepository {
  private readonly byIds: Statement;
  private readonly first: Statement;
  private readonly renaming: Statement;

  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    removals: RemovalJob,
    { retention }: Config,
  ) {
    const days = retention.deletedWorkspaceDays;
    if (days > 0) removals.addSweep('deleted workspaces', DELETED_BEFORE(days));
    const columns = entityColumns(transaction.manager, Workspace);
    const where = (condition: string) =>
      `select ${columns} from workspaces where ${condition} order by created_at, id`;
    this.byIds = { name: 'workspaces_by_ids', text: where('org_id = $1 and id = any($2)') };
    this.first = { name: 'workspaces_first', text: `${where('org_id = $1')} limit 1` };
    this.renaming = { name: 'workspaces_rename', text: `${RENAME} returning ${columns}` };
  }

  private get rows() {
    return this.transaction.manager.getRepository(Workspace);
  }

  find(orgId: string, id: string): Promise<Workspace | null> {
    return this.rows.findOneBy({ orgId, id });
  }

  listByIds(orgId: string, ids: readonly string[]): Promise<Workspace[]> {
    return this.sql.rows<Workspace>(this.byIds, [orgId, ids]);
  }

  /** In any organization; for users who are not members yet. */
  listAnywhere(ids: readonly string[]): Promise<Workspace[]> {
    return this.rows.find({ where: { id: In([...ids]) }, order: OLDEST_FIRST });
  }

  listByOrg(orgId: string): Promise<Workspace[]> {
    return this.rows.find({ where: { orgId }, order: OLDEST_FIRST });
  }

  findFirst(orgId: string): Promise<Workspace | null> {
    return this.sql.row<Workspace>(this.first, [orgId]);
  }

  count(orgId: string): Promise<number> {
    return this.rows.countBy({ orgId });
  }

  /**
   * The insert comes first: it waits for the deletion of the same id in another organization, which leaves a
   * tombstone for the check after it. If the check fails, the caller's transaction is rolled back.
   * @throws WorkspaceIdTaken, HandleTaken
   */
  async insert(workspace: Omit<Workspace, 'createdAt'>): Promise<Workspace> {
    const { generatedMaps } = await mapViolations(this.rows.insert({ ...workspace }), {
      workspaces_pkey: () => new WorkspaceIdTaken(),
      ...HANDLE_TAKEN,
    });
    if (await this.transaction.manager.existsBy(DeletedWorkspace, { id: workspace.id }))
      throw new WorkspaceIdTaken();
    return { ...workspace, ...(generatedMaps[0] as Pick<Workspace, 'createdAt'>) };
  }

  /** The renamed workspace, or null. What `name` says about group names holds for a new name. */
  rename(
    orgId: string,
    id: string,
    name: Pick<Workspace, 'displayName' | 'nameCountsInGroups' | 'nameSetByAdmin'>,
  ): Promise<Workspace | null> {
    const { displayName, nameCountsInGroups, nameSetByAdmin } = name;
    return this.sql.row<Workspace>(this.renaming, [
      orgId,
      id,
      displayName,
      nameCountsInGroups,
      nameSetByAdmin,
    ]);
  }

  /** @throws HandleTaken */
  async setHandle(orgId: string, id: string, tenantHandle: string): Promise<boolean> {
    const { affected } = await mapViolations(this.rows.update({ orgId, id }, { tenantHandle }), HANDLE_TAKEN);
    return affected === 1;
  }

  /** Leaves a tombstone for lists that include deleted workspaces. @throws OnlyDefaultWorkspace */
  async remove({ id, orgId, displayName, tenantHandle, createdAt }: Workspace): Promise<void> {
    await mapViolations(this.rows.delete({ orgId, id }), ONLY_DEFAULT);
    await this.transaction.manager.insert(DeletedWorkspace, {
      id,
      orgId,
      displayName,
      tenantHandle,
      createdAt,
    });
  }
}
