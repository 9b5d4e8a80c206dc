import { Injectable } from '@nestjs/common';
import { Outbound } from '../../../common/outbound/outbound.js';
import { Config } from '../../../config/config.js';

const MOST_BYTES = 5 * 1024;
const TOTAL_MS = 3_000;

/**
 * Requests client id metadata documents, whose address anybody chooses, by the rules for addresses of organizations
 * (docs/security.md#requests-to-addresses-of-organizations). Connections are counted apart from those of webhooks.
 */
@Injectable()
export class MetadataDocumentFetch {
  /** Whether clients may use documents; false where the server has no way out. */
  readonly isAnnounced: boolean;
  private readonly outbound: Outbound;

  constructor({ outbound, authorizationServer }: Config) {
    const bounds = { ...outbound.bounds, totalMs: TOTAL_MS, bodyBytes: MOST_BYTES + 1 };
    this.outbound = new Outbound({ ...outbound, bounds });
    this.isAnnounced = authorizationServer.fetchesClientDocuments;
  }

  /** Follows no redirect. @throws OutboundFailed, or RangeError for a document that is too long */
  readonly fetch = async (address: string | URL): Promise<Response> => {
    const content = { method: 'GET', headers: { accept: 'application/json' }, orgId: '' } as const;
    const { status, headers, body } = await this.outbound.send(String(address), content);
    if (body.length > MOST_BYTES) throw new RangeError(`The document has more than ${MOST_BYTES} bytes`);
    const init = { status, headers: headers as Record<string, string> };
    return new Response(status === 200 ? new Uint8Array(body) : null, init);
  };
}
