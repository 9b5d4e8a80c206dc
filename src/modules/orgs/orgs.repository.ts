import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { mapViolations } from '../../database/transactions/constraint-violation.js';
import { entityColumns } from '../../database/statements/entity-columns.js';
import type { ListQuery } from '../../database/lists/list-cursor.js';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { Org } from './org.entity.js';
import { PersonalOrgExists } from './orgs.errors.js';

@Injectable()
export class OrgsRepository {
  private readonly byId: Statement;
  private readonly default: Statement;
  private readonly ofMember: Statement;

  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {
    const columns = entityColumns(transaction.manager, Org);
    this.byId = { name: 'orgs_find', text: `select ${columns} from organizations where id = $1` };
    this.default = { name: 'orgs_default', text: `select ${columns} from organizations where is_default` };
    this.ofMember = {
      name: 'orgs_of_member',
      text: `
        select ${columns} from organizations
        where id in (select org_id from org_memberships where user_id = $1) order by created_at, id`,
    };
  }

  private get rows() {
    return this.transaction.manager.getRepository(Org);
  }

  find(id: string): Promise<Org | null> {
    return this.sql.row<Org>(this.byId, [id]);
  }

  findDefault(): Promise<Org | null> {
    return this.sql.row<Org>(this.default, []);
  }

  findByLoginSlug(ssoLoginSlug: string): Promise<Org | null> {
    return this.rows.findOneBy({ ssoLoginSlug });
  }

  /** Oldest first. */
  allOfMember(userId: string): ListQuery<Org> {
    return { statement: this.ofMember, values: [userId], hasSmallRows: true };
  }

  hasPersonal(userId: string): Promise<boolean> {
    return this.rows.existsBy({ isPersonal: true, createdByUserId: userId });
  }

  listByIds(ids: readonly string[]): Promise<Org[]> {
    return this.rows.find({ where: { id: In([...ids]) }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /** Number of organizations that are not personal. */
  countShared(): Promise<number> {
    return this.rows.countBy({ isPersonal: false });
  }

  async insert(org: Org): Promise<void> {
    const errors = { organizations_one_personal_per_user: () => new PersonalOrgExists() };
    await mapViolations(this.rows.insert(org), errors);
  }

  async update(id: string, changes: Partial<Org>): Promise<void> {
    await this.rows.update({ id }, { ...changes, modifiedAt: () => 'now()' });
  }

  /** Two statements, since `organizations_one_default` never allows two defaults. */
  async setDefault(id: string): Promise<void> {
    await this.rows.update({ isDefault: true }, { isDefault: false, modifiedAt: () => 'now()' });
    await this.update(id, { isDefault: true });
  }
}
