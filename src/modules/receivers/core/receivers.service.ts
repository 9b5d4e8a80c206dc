import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { CursorList } from '../../../common/lists/cursor-list.js';
import { hostOf } from '../../../common/outbound/address-rules.js';
import { NoConnectionForTest } from '../../../common/outbound/outbound.errors.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail, operatorIn } from '../../audit/index.js';
import { CallerKeys, type CredentialCreator, CredentialCreators } from '../../auth/api-keys/index.js';
import { Horizon } from '../../events/index.js';
import type { Receiver } from './entities.js';
import type { ReceiverFields, ReceiverKind, Types } from './receiver-kind.statements.js';
import {
  type ListedReceiver,
  ReceiversRepository,
  type Selected,
  type SendingReceiver,
} from './receivers.repository.js';

/** `creator`: null if unknown or no longer a member. */
export type Described<T extends Types> = {
  readonly receiver: ListedReceiver<T>;
  readonly creator: CredentialCreator | null;
};

/** Absent: unchanged. */
export type ReceiverChanges<T extends Types> = {
  readonly fields: ReceiverFields<T>;
  readonly isEnabled?: boolean | undefined;
};

/** What admins, and what receivers themselves, do to receivers of any kind (docs/contract/webhooks.md, log-streams.md). */
@Injectable()
export class ReceiversService {
  constructor(
    private readonly receivers: ReceiversRepository,
    private readonly horizon: Horizon,
    private readonly callerKeys: CallerKeys,
    private readonly creators: CredentialCreators,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  private async list<T extends Types>(
    kind: ReceiverKind<T>,
    orgId: string,
    selected: Selected,
  ): Promise<Described<T>[]> {
    const rows = await this.receivers.list(kind, orgId, selected);
    const creators = await this.creators.findOf(orgId, rows);
    return rows.map((receiver) => ({
      receiver,
      creator: creators.get(receiver.createdByUserId ?? '') ?? null,
    }));
  }

  /** Newest first. */
  async page<T extends Types, Item>(
    kind: ReceiverKind<T>,
    orgId: string,
    query: { limit: number; cursor?: string },
    toItem: (described: Described<T>) => Item,
  ): Promise<{ items: Item[]; next_cursor: string | null }> {
    const page = new CursorList(query, [`${kind.name.replace('_', '-')}s`, orgId]);
    const rows = await this.list(kind, orgId, { before: page.after?.id ?? null, limit: page.limit });
    return page.page(rows, ({ receiver: { id } }) => ({ id }), toItem);
  }

  /** @throws `kind.NotFound` */
  async get<T extends Types>(kind: ReceiverKind<T>, orgId: string, id: string): Promise<Described<T>> {
    const [described] = await this.list(kind, orgId, { id });
    if (!described) throw new kind.NotFound();
    return described;
  }

  /** With what sending needs. @throws `kind.NotFound` */
  async load<T extends Types>(kind: ReceiverKind<T>, orgId: string, id: string): Promise<SendingReceiver<T>> {
    const receiver = await this.receivers.findSending(kind, { orgId, id });
    if (!receiver) throw new kind.NotFound();
    return receiver;
  }

  /** What happens from now on is sent. @throws `kind.TooMany`, SecretReplaced or InvalidCredential */
  async create<T extends Types>(
    kind: ReceiverKind<T>,
    principal: OrgPrincipal,
    fields: Partial<T['row']> & Pick<Receiver, 'url'>,
  ): Promise<Described<T>> {
    const { orgId } = principal;
    const id = newId();
    const { horizon } = await this.horizon.observe();
    return this.transaction.as(principal, async () => {
      const origin = await this.callerKeys.originOf(principal);
      if ((await this.receivers.count(kind, orgId)) >= kind.limit) throw new kind.TooMany();
      await this.receivers.insert(kind, { ...fields, ...origin, id, orgId }, horizon);
      const details = { host: hostOf(fields.url) };
      await this.audit.record(principal, `create_${kind.name}`, [id], { details });
      return this.get(kind, orgId, id);
    });
  }

  /** @throws `kind.NotFound`, and as `kind.assertMayGet` */
  async update<T extends Types>(
    kind: ReceiverKind<T>,
    principal: OrgPrincipal,
    id: string,
    { fields, isEnabled }: ReceiverChanges<T>,
  ): Promise<Described<T>> {
    const { orgId } = principal;
    const start = kind.skipsNothing ? null : (await this.horizon.observe()).horizon;
    return this.transaction.as(principal, async () => {
      const row = await this.lock(kind, orgId, id);
      kind.assertMayGet?.(row, fields);
      const wasEnabled = row.disabledAt === null;
      const isSwitched = isEnabled !== undefined && isEnabled !== wasEnabled;
      const changed = changedIn(fields, row, kind.secretField);
      if (changed.length === 0 && !isSwitched) return this.get(kind, orgId, id);
      const restarts = isSwitched || kind.restartsWith(changed, row);
      if (restarts)
        await this.receivers.place(id, isSwitched && isEnabled ? start : null, isEnabled ?? wasEnabled);
      const parts = [...Object.values(fields), restarts ? kind.restarted : {}];
      const written = Object.assign({}, ...parts) as Partial<Receiver>;
      await this.receivers.update(kind, id, written, isSwitched ? (isEnabled ? null : 'admin') : undefined);
      const details = {
        ...(changed.length > 0 && { changed }),
        ...(changed.includes('url') && written.url && { host: hostOf(written.url) }),
        ...(isSwitched && { is_enabled: isEnabled }),
        ...(isSwitched && !isEnabled && { reason: 'admin' }),
      };
      await this.audit.record(principal, `update_${kind.name}`, [id], { details });
      return this.get(kind, orgId, id);
    });
  }

  /** In the open transaction, until it ends. @throws `kind.NotFound` */
  async lock<T extends Types>(kind: ReceiverKind<T>, orgId: string, id: string): Promise<T['row']> {
    const [row] = await this.receivers.lock(kind, orgId, [id]);
    if (!row) throw new kind.NotFound();
    return row;
  }

  /** What has not arrived is not sent any more. @throws `kind.NotFound` */
  remove(kind: ReceiverKind, principal: OrgPrincipal, id: string): Promise<void> {
    return this.transaction.as(principal, () => this.removeAll(kind, principal, [id]));
  }

  /** In the open transaction. @throws `kind.NotFound` unless all exist */
  async removeAll(kind: ReceiverKind, principal: OrgPrincipal, ids: readonly string[]): Promise<void> {
    const { orgId } = principal;
    if ((await this.receivers.lock(kind, orgId, ids)).length < ids.length) throw new kind.NotFound();
    await this.receivers.delete(kind, orgId, ids);
    const operation = `delete_${kind.name}` as const;
    await this.audit.recordAll(ids.map((id) => ({ actor: principal, operation, resourceIds: [id] })));
  }

  /**
   * Sends a test, also to a disabled receiver. Recorded before it is sent; no connection to the database is held meanwhile.
   *
   * @param send null or undefined: no connection was free
   * @throws `kind.NotFound` or NoConnectionForTest
   */
  async test<T extends Types, Sent>(
    kind: ReceiverKind<T>,
    principal: OrgPrincipal,
    id: string,
    send: (receiver: SendingReceiver<T>) => Promise<Sent | null | undefined>,
  ): Promise<Sent> {
    const { orgId } = principal;
    const receiver = await this.transaction.as(principal, async () => {
      const found = await this.load(kind, orgId, id);
      await this.audit.record(principal, `test_${kind.name}`, [id]);
      return found;
    });
    const sent = await send(receiver);
    if (!sent) throw new NoConnectionForTest();
    return sent;
  }

  /**
   * Stores what became of requests, in one transaction, and disables the receiver if there is a reason.
   *
   * @param write false: another process has dealt with it, so that nothing is stored
   */
  async record<T extends Types>(
    kind: ReceiverKind<T>,
    { orgId, id }: Pick<Receiver, 'orgId' | 'id'>,
    reason: 'gone' | 'failures' | null,
    write: (row: T['row']) => Promise<boolean>,
  ): Promise<void> {
    const store = async () => {
      const [row] = await this.receivers.lock(kind, orgId, [id]);
      if (!row || !(await write(row)) || !reason || row.disabledAt) return;
      await this.receivers.place(id, null, false);
      await this.receivers.update(kind, id, {}, reason);
      const details = { is_enabled: false, reason };
      await this.audit.record(operatorIn(orgId), `update_${kind.name}`, [id], { details });
    };
    await (reason ? this.transaction.inOrganization(orgId, store) : this.transaction.run(store));
  }
}

/** The names of the fields that differ. */
const changedIn = (fields: ReceiverFields<Types>, row: Receiver, secretField: string | undefined): string[] =>
  Object.keys(fields).filter((name) => {
    const columns = Object.entries(fields[name] ?? {}) as [keyof Receiver, unknown][];
    const differs = columns.some(([column, value]) => JSON.stringify(value) !== JSON.stringify(row[column]));
    return differs || name === secretField;
  });
