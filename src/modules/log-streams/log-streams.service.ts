import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { first } from '../../common/collections.js';
import { hostOf } from '../../common/outbound/address-rules.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type AuditDetails, AuditTrail } from '../audit/index.js';
import { CallerKeys, type CredentialCreator, CredentialCreators } from '../auth/api-keys/index.js';
import { Horizon } from '../events/index.js';
import { LogStreamHeadersNeeded, LogStreamNotFound, TooManyLogStreams } from './errors.js';
import type { LogStream } from './log-stream.entity.js';
import { LogStreamsRepository, type StreamChanges, type StreamWithLag } from './log-streams.repository.js';
import type { Headers } from './stored-headers.js';

export type StreamInput = {
  readonly url: string;
  readonly description: string;
  readonly headers: Headers;
  readonly includeNames: boolean;
};
/** `creator` null: unknown, or no longer a member. */
export type ListedStream = { readonly stream: StreamWithLag; readonly creator: CredentialCreator | null };

const MOST_STREAMS = 5;

/**
 * Receivers of the audit log (docs/contract/log-streams.md). The lock of `Transaction.as` enforces the limit for concurrent
 * requests.
 */
@Injectable()
export class LogStreamsService {
  constructor(
    private readonly streams: LogStreamsRepository,
    private readonly horizon: Horizon,
    private readonly callerKeys: CallerKeys,
    private readonly creators: CredentialCreators,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** Newest first; `before`: the id of the last one of the page before. */
  async list(
    orgId: string,
    page: { readonly before: string | null; readonly limit: number },
  ): Promise<ListedStream[]> {
    return this.withCreators(orgId, await this.streams.list(orgId, page));
  }

  /** @throws LogStreamNotFound */
  async get(orgId: string, id: string): Promise<ListedStream> {
    const stream = await this.streams.find(orgId, id);
    if (!stream) throw new LogStreamNotFound();
    return first(await this.withCreators(orgId, [stream]));
  }

  /** Entries that are written from now on are sent. @throws TooManyLogStreams, and as `CallerKeys.originOf` */
  async create(principal: OrgPrincipal, input: StreamInput): Promise<ListedStream> {
    const { orgId } = principal;
    const id = newId();
    const { horizon } = await this.horizon.observe();
    return this.transaction.as(principal, async () => {
      if ((await this.streams.count(orgId)) >= MOST_STREAMS) throw new TooManyLogStreams(MOST_STREAMS);
      const origin = await this.callerKeys.originOf(principal);
      await this.streams.insert({ ...origin, ...input, id, orgId }, horizon);
      const details = { host: hostOf(input.url) };
      await this.audit.record(principal, 'create_log_stream', [id], { details });
      return this.get(orgId, id);
    });
  }

  /** @throws LogStreamNotFound, LogStreamHeadersNeeded */
  async update(principal: OrgPrincipal, id: string, wanted: StreamChanges): Promise<ListedStream> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      const listed = await this.get(orgId, id);
      const { stream } = listed;
      if (wanted.headers === undefined && wouldGetHeaders(stream, wanted.url))
        throw new LogStreamHeadersNeeded();
      const changes = changesOf(stream, wanted);
      if (Object.keys(changes).length === 0) return listed;
      await this.streams.update(stream, changes);
      await this.audit.record(principal, 'update_log_stream', [id], { details: detailsOf(changes) });
      return this.get(orgId, id);
    });
  }

  /** @throws LogStreamNotFound */
  async remove(principal: OrgPrincipal, id: string): Promise<void> {
    await this.transaction.as(principal, async () => {
      await this.get(principal.orgId, id);
      await this.streams.remove(principal.orgId, [id]);
      await this.audit.record(principal, 'delete_log_stream', [id]);
    });
  }

  private async withCreators(orgId: string, streams: readonly StreamWithLag[]): Promise<ListedStream[]> {
    const creators = await this.creators.findOf(orgId, streams);
    return streams.map((stream) => ({ stream, creator: creators.get(stream.createdByUserId ?? '') ?? null }));
  }
}

/** The values would go to another server, whoever that belongs to. */
const wouldGetHeaders = ({ url, headerNames }: LogStream, newUrl: string | undefined): boolean =>
  headerNames.length > 0 && newUrl !== undefined && new URL(newUrl).origin !== new URL(url).origin;

/** What differs. Headers, whose values may not be compared, always do. */
function changesOf(
  stream: LogStream,
  { url, description, headers, includeNames, isEnabled }: StreamChanges,
): StreamChanges {
  return {
    ...(url !== undefined && url !== stream.url && { url }),
    ...(description !== undefined && description !== stream.description && { description }),
    ...(headers && { headers }),
    ...(includeNames !== undefined && includeNames !== stream.includeNames && { includeNames }),
    ...(isEnabled !== undefined && isEnabled !== (stream.disabledAt === null) && { isEnabled }),
  };
}

function detailsOf({ isEnabled, includeNames, ...changes }: StreamChanges): AuditDetails {
  const changed = [...Object.keys(changes), ...(includeNames === undefined ? [] : ['include_names'])];
  return {
    ...(changed.length > 0 && { changed }),
    ...(changes.url !== undefined && { host: hostOf(changes.url) }),
    ...(isEnabled !== undefined && { is_enabled: isEnabled }),
    ...(isEnabled === false && { reason: 'admin' }),
  };
}
