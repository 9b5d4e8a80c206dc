import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Config } from '../../config/config.js';
import type { ListQuery } from '../../database/lists/list-reader.js';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { newId } from '../../database/statements/new-id.js';
import { mapViolations } from '../../database/transactions/constraint-violation.js';
import { named, Sql } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { Org } from './org.entity.js';
import { OrgNotFound, PersonalOrgExists } from './orgs.errors.js';

export type NewOrg = {
  displayName: string;
  isPersonal: boolean;
  isDefault: boolean;
  createdByUserId: string;
  securityContact: string | null;
};

/** The changeable fields of an organization; absent = unchanged. */
export type OrgChanges = Partial<
  Omit<
    Org,
    | 'id'
    | 'isPersonal'
    | 'isDisabled'
    | 'isDefault'
    | 'createdByUserId'
    | 'createdAt'
    | 'modifiedAt'
    | 'maxIdentities'
    | 'maxWorkspaces'
    | 'canUseUserGroups'
  >
>;

export const ORG_COLUMNS = entityColumns(Org);
const SELECT = `select ${ORG_COLUMNS} from organizations`;

const BY_ID = { name: 'orgs_find', text: `${SELECT} where id = $1` };
const DEFAULT = { name: 'orgs_default', text: `${SELECT} where is_default` };
const OF_MEMBER = named('orgs_of_member')`
  ${SELECT} where id in (select org_id from current_org_memberships where user_id = $1) order by created_at, id`;

/** Organizations as rows. `ProvisionOrganization` creates one with its first workspace and admin. */
@Injectable()
export class OrgsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    private readonly config: Config,
  ) {}

  private get rows() {
    return this.transaction.manager.getRepository(Org);
  }

  /** @throws OrgNotFound */
  async get(id: string): Promise<Org> {
    const org = await this.sql.row<Org>(BY_ID, [id]);
    if (!org) throw new OrgNotFound();
    return org;
  }

  findDefault(): Promise<Org | null> {
    return this.sql.row<Org>(DEFAULT, []);
  }

  /** Exists from the first start on and cannot be deleted. @throws OrgNotFound */
  async getDefault(): Promise<Org> {
    const org = await this.findDefault();
    if (!org) throw new OrgNotFound();
    return org;
  }

  findByLoginSlug(ssoLoginSlug: string): Promise<Org | null> {
    return this.rows.findOneBy({ ssoLoginSlug });
  }

  allOfMember(userId: string): ListQuery<Org> {
    return { statement: OF_MEMBER, values: [userId], hasSmallRows: true };
  }

  hasPersonal(userId: string): Promise<boolean> {
    return this.rows.existsBy({ isPersonal: true, createdByUserId: userId });
  }

  /** Oldest first. */
  async listByIds(ids: readonly string[]): Promise<Org[]> {
    if (ids.length === 0) return [];
    return this.rows.find({ where: { id: In([...ids]) }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  countShared(): Promise<number> {
    return this.rows.countBy({ isPersonal: false });
  }

  /** docs/contract/organizations.md#seats-and-workspace-limits @throws PersonalOrgExists */
  async create(input: NewOrg): Promise<Org> {
    const { maxIdentities, maxWorkspaces, canUseUserGroups } = this.config.limits;
    const id = newId();
    const limits = { maxIdentities, maxWorkspaces: input.isPersonal ? 1 : maxWorkspaces, canUseUserGroups };
    const errors = { organizations_one_personal_per_user: () => new PersonalOrgExists() };
    await mapViolations(this.rows.insert({ ...input, id, ...limits }), errors);
    return this.get(id);
  }

  /** Preferences are merged, other fields replaced. The caller holds the roster lock and records the change. */
  async update(id: string, { preferences, ...changes }: OrgChanges): Promise<Org> {
    const org = await this.get(id);
    const merged = preferences ? { preferences: { ...org.preferences, ...preferences } } : {};
    await this.rows.update({ id }, { ...changes, ...merged, modifiedAt: () => 'now()' });
    return this.get(id);
  }

  /**
   * In two statements, since `organizations_one_default` never allows two. The caller holds the lock and records it.
   */
  async setDefault(id: string): Promise<void> {
    await this.rows.update({ isDefault: true }, { isDefault: false, modifiedAt: () => 'now()' });
    await this.rows.update({ id }, { isDefault: true, modifiedAt: () => 'now()' });
  }
}
