import { Injectable } from '@nestjs/common';
import { parsedJson } from '../../../common/json.js';
import { Metrics } from '../../../common/metrics/metrics.js';
import { type Attempt, attempt, failedAttempt } from '../../../common/outbound/attempt.js';
import { Outbound } from '../../../common/outbound/outbound.js';
import { SecretBox } from '../../../common/secrets/secret-box.js';
import type { LogStream } from '../core/entities.js';

export type Headers = Readonly<Record<string, string>>;
type StoredHeaders = Pick<LogStream, 'headerNames' | 'headerValues'>;

/** Sends lines of the audit log with headers whose values are secrets (docs/contract/log-streams.md#requests-of-log-streams). */
@Injectable()
export class SendLines {
  constructor(
    private readonly outbound: Outbound,
    private readonly secrets: SecretBox,
    private readonly metrics: Metrics,
  ) {}

  /** Null: nothing was sent, since no connection was free. @param batch of these lines, unless they are a test */
  async run(
    { url, orgId, ...stored }: LogStream,
    lines: readonly string[],
    batch: string | null,
  ): Promise<Attempt | null> {
    const chosen = this.decrypt(stored);
    const headers = {
      ...chosen,
      'content-type': 'application/x-ndjson',
      ...(batch !== null && { 'tenantry-batch': batch }),
    };
    const body = lines.map((line) => `${line}\n`).join('');
    const made = chosen
      ? await attempt(this.outbound, url, { headers, body, orgId })
      : failedAttempt('secrets_unreadable');
    if (batch !== null) this.metrics.countAttempt('logStreamBatches', made?.outcome ?? 'busy');
    return made;
  }

  encrypt(headers: Headers): StoredHeaders {
    const headerNames = Object.keys(headers);
    const values = JSON.stringify(Object.values(headers));
    return { headerNames, headerValues: headerNames.length > 0 ? this.secrets.encrypt(values) : null };
  }

  /** By lower-cased name. Null if the values were encrypted with another salt. */
  private decrypt({ headerNames, headerValues }: StoredHeaders): Headers | null {
    if (headerValues === null) return {};
    const json = this.secrets.decrypt(headerValues);
    if (json === null) return null;
    const values = parsedJson(json) as string[];
    return Object.fromEntries(headerNames.map((name, index) => [name.toLowerCase(), values[index] ?? '']));
  }
}
