import { Injectable } from '@nestjs/common';
import { parsedJson } from '../../common/json.js';
import { StoredSecrets } from '../events/index.js';
import type { LogStream } from './log-stream.entity.js';

export type Headers = Readonly<Record<string, string>>;
type Stored = Pick<LogStream, 'headerNames' | 'headerValues'>;

/** The headers of requests, whose values are secrets of the receiver. */
@Injectable()
export class StoredHeaders {
  constructor(private readonly secrets: StoredSecrets) {}

  encrypt(headers: Headers): Stored {
    const headerNames = Object.keys(headers);
    const values = JSON.stringify(Object.values(headers));
    return { headerNames, headerValues: headerNames.length > 0 ? this.secrets.encrypt(values) : null };
  }

  /** By lower-cased name. Null if the values were encrypted with another salt. */
  decrypt({ headerNames, headerValues }: Stored): Headers | null {
    if (headerValues === null) return {};
    const json = this.secrets.decrypt(headerValues);
    if (json === null) return null;
    const values = parsedJson(json) as string[];
    return Object.fromEntries(headerNames.map((name, index) => [name.toLowerCase(), values[index] ?? '']));
  }
}
