import { Injectable } from '@nestjs/common';
import { In, type Repository } from 'typeorm';
import { Sql } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import type { EntryAt } from '../../events/index.js';
import type { Receiver } from './entities.js';
import { LogCursorsRepository } from './log-cursors.repository.js';
import type { ReceiverKind, Types } from './receiver-kind.statements.js';

export type ListedReceiver<T extends Types> = T['row'] & T['listed'];

/** `now`: of the database, in seconds. */
export type SendingReceiver<T extends Types> = T['row'] &
  T['sending'] & { readonly isEnabled: boolean; readonly now: number };

/** The one with the id, or those before another one. */
export type Selected = { readonly id?: string; readonly before?: string | null; readonly limit?: number };

/** Receivers of any kind, and their cursors. */
@Injectable()
export class ReceiversRepository {
  constructor(
    private readonly sql: Sql,
    private readonly transaction: Transaction,
    private readonly cursors: LogCursorsRepository,
  ) {}

  private rowsOf({ entity }: ReceiverKind): Repository<Receiver> {
    return this.transaction.manager.getRepository(entity);
  }

  /** Newest first. */
  list<T extends Types>(
    kind: ReceiverKind<T>,
    orgId: string,
    selected: Selected,
  ): Promise<ListedReceiver<T>[]> {
    const { id = null, before = null, limit = 1 } = selected;
    return this.sql.rows<ListedReceiver<T>>(kind.statements.list, [orgId, id, before, limit]);
  }

  findSending<T extends Types>(
    kind: ReceiverKind<T>,
    { orgId, id }: Pick<Receiver, 'orgId' | 'id'>,
  ): Promise<SendingReceiver<T> | null> {
    return this.sql.row<SendingReceiver<T>>(kind.statements.sending, [orgId, id]);
  }

  /** In the open transaction, until it ends. */
  lock<T extends Types>(kind: ReceiverKind<T>, orgId: string, ids: readonly string[]): Promise<T['row'][]> {
    return this.sql.rows<T['row']>(kind.statements.lock, [orgId, ids]);
  }

  /** Those that the user created, or that were created with one of the keys; newest first. */
  listCreatedBy(
    kind: ReceiverKind,
    orgId: string,
    { userId, keyIds }: { readonly userId: string | null; readonly keyIds: readonly string[] },
  ): Promise<Receiver[]> {
    const withKeys = { orgId, creatorKeyId: In([...keyIds]) };
    const where = userId ? [{ orgId, createdByUserId: userId }, withKeys] : withKeys;
    return this.rowsOf(kind).find({ where, order: { id: 'DESC' } });
  }

  count(kind: ReceiverKind, orgId: string): Promise<number> {
    return this.rowsOf(kind).countBy({ orgId });
  }

  /** What follows the horizon is sent. */
  async insert(
    kind: ReceiverKind,
    row: Partial<Receiver> & Pick<Receiver, 'id' | 'orgId'>,
    horizon: EntryAt,
  ): Promise<void> {
    await this.rowsOf(kind).insert(row);
    await this.cursors.insert(row.id, kind.name, row.orgId, horizon);
  }

  /** Sends at once, or nothing any more. @param start what follows it; null: what follows the cursor */
  place(id: string, start: EntryAt | null, isEnabled: boolean): Promise<void> {
    return this.cursors.place(id, start, isEnabled);
  }

  /** @param disabledReason null: enables it; undefined: leaves it as it is */
  async update(
    kind: ReceiverKind,
    id: string,
    fields: Partial<Receiver>,
    disabledReason?: Receiver['disabledReason'],
  ): Promise<void> {
    const disabledAt = disabledReason && (() => 'now()');
    const state = disabledReason === undefined ? {} : { disabledReason, disabledAt };
    await this.rowsOf(kind).update({ id }, { ...fields, ...state, updatedAt: () => 'now()' });
  }

  async delete(kind: ReceiverKind, orgId: string, ids: readonly string[]): Promise<void> {
    await this.cursors.delete(ids);
    await this.rowsOf(kind).delete({ orgId, id: In([...ids]) });
  }

  /** Makes due what would otherwise wait for as long as the clock was set back. */
  async bringForward({ statements }: ReceiverKind): Promise<void> {
    await this.sql.affected(statements.bringForward, []);
  }
}
