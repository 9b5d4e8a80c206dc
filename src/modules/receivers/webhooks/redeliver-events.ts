import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { chunks, unique } from '../../../common/collections.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { type AuditEntry, AuditTrail } from '../../audit/index.js';
import { type AuditEvent, eventsOf, EventsReadModel, Horizon } from '../../events/index.js';
import { TooManyToRedeliver, UnknownEvents } from '../core/errors.js';
import { ReceiversService } from '../core/receivers.service.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { wantedBy } from './send-events.js';
import { type SendingWebhook, WEBHOOK } from './webhook-kind.js';

/** Ids of events, a period, or all that have not arrived. */
export type Redelivery =
  | { readonly ids: readonly string[] }
  | { readonly from: Date; readonly to: Date }
  | { readonly failed: true };

const MOST = 10_000;
const ENTRIES_AT_ONCE = 200;
/** Of all types: an entry may have hundreds. */
const MOST_READ = 100_000;
const EVENT_ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d{1,5}$/;

/** Sends events again, or for the first time, whether they have arrived or not. */
@Injectable()
export class RedeliverEvents {
  constructor(
    private readonly webhooks: ReceiversService,
    private readonly deliveries: DeliveriesRepository,
    private readonly events: EventsReadModel,
    private readonly horizon: Horizon,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Returns how many. A disabled webhook gets them once it is enabled.
   *
   * @throws WebhookNotFound, TooManyToRedeliver or UnknownEvents
   */
  async run(principal: OrgPrincipal, id: string, redelivery: Redelivery): Promise<number> {
    const { orgId } = principal;
    const receiver = await this.webhooks.load(WEBHOOK, orgId, id);
    const events = 'failed' in redelivery ? null : await this.find(receiver, redelivery);
    return this.transaction.as(principal, async () => {
      await this.webhooks.lock(WEBHOOK, orgId, id);
      const count = events
        ? await this.deliveries.request(id, events.map(toRow))
        : await this.deliveries.requestAll(id, MOST + 1);
      if (count > MOST) throw new TooManyToRedeliver();
      await this.audit.record(principal, 'redeliver_webhook', [id], { details: { count } });
      return count;
    });
  }

  private find(
    receiver: SendingWebhook,
    redelivery: Exclude<Redelivery, { failed: true }>,
  ): Promise<readonly AuditEvent[]> {
    return 'ids' in redelivery
      ? this.findByIds(receiver, redelivery.ids)
      : this.findBetween(receiver, redelivery);
  }

  private async findByIds(
    { orgId }: SendingWebhook,
    wantedIds: readonly string[],
  ): Promise<readonly AuditEvent[]> {
    const ids = new Set(wantedIds);
    const entryIds = [...ids].flatMap((id) => EVENT_ID.exec(id)?.[1] ?? []);
    const events = await this.readInParts(
      unique(entryIds),
      (part) => this.events.findEntriesByIds(orgId, part),
      (event) => ids.has(event.id) && wantedBy(ALL)(event),
    );
    const known = new Set(events.map(({ id }) => id));
    const unknown = [...ids].filter((id) => !known.has(id));
    if (unknown.length > 0) throw new UnknownEvents(unknown);
    return events;
  }

  private async findBetween(
    receiver: SendingWebhook,
    period: { from: Date; to: Date },
  ): Promise<readonly AuditEvent[]> {
    const { orgId } = receiver;
    const { horizon } = await this.horizon.observe();
    const range = { ...period, through: horizon.position, limit: MOST + 1 };
    const positions = await this.events.listPositionsBetween(orgId, range);
    if (positions.length > MOST) throw new TooManyToRedeliver();
    return this.readInParts(positions, (part) => this.events.findEntries(orgId, part), wantedBy(receiver));
  }

  /** @throws TooManyToRedeliver */
  private async readInParts(
    keys: readonly string[],
    read: (part: readonly string[]) => Promise<AuditEntry[]>,
    isWanted: (event: AuditEvent) => boolean,
  ): Promise<readonly AuditEvent[]> {
    const events: AuditEvent[] = [];
    let count = 0;
    for (const part of chunks(keys, ENTRIES_AT_ONCE)) {
      const all = (await read(part)).flatMap(eventsOf);
      count += all.length;
      events.push(...all.filter(isWanted));
      if (events.length > MOST || count > MOST_READ) throw new TooManyToRedeliver();
    }
    return events;
  }
}

/** What is asked for by its id is sent whatever the types of the webhook are. */
const ALL = { types: null };

const toRow = ({ id: eventId, sequence: position }: AuditEvent) => ({ eventId, position });
