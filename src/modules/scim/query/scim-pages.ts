import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretBox } from '../../../common/secrets/secret-box.js';
import { Config } from '../../../config/config.js';
import { pageWithTotal } from '../../../database/statements/pages.js';
import type { ListRequest } from '../protocol/list.js';
import { ScimError } from '../protocol/scim.errors.js';
import type { ListOrder } from './columns.js';
import { after, type ListQuery } from './list.statements.js';

type List = {
  readonly orgId: string;
  readonly name: 'users' | 'groups' | 'roles';
  readonly request: ListRequest;
};

/** `orderedBy`: the key of its order as text; only of pages by cursor. */
type ListedRow = { readonly id: string; readonly total: string; readonly orderedBy?: string | null };

export type ScimPage<Row> = {
  readonly rows: readonly Row[];
  readonly total: number;
  /** Of pages by index. */
  readonly startIndex?: number;
  /** Of pages by cursor but the last one. */
  readonly nextCursor?: string;
};

/** The last row of a page, and the total that was counted for the first page. */
type Place = { readonly key: string | null; readonly id: string; readonly total: number };

/**
 * Pages by index (RFC 7644, section 3.4.2.4) and by cursor (RFC 9865). A cursor names the last row of its page, so that every
 * page costs the same. It is encrypted: it contains values such as a user name, and cannot be made by clients.
 */
@Injectable()
export class ScimPages {
  private readonly secretBox: SecretBox;

  constructor({ apiKeys }: Config) {
    this.secretBox = new SecretBox(apiKeys.salt, 'cursors of SCIM lists');
  }

  /** @throws ScimError invalidCursor */
  async read<Row extends ListedRow>(
    list: List,
    query: ListQuery,
    read: (query: ListQuery, limit: number, offset: number) => Promise<Row[]>,
  ): Promise<ScimPage<Row>> {
    const { cursor, count, startIndex } = list.request;
    if (cursor !== null && cursor !== '') {
      const place = this.placeOf(list, cursor);
      const rows: Row[] = [];
      for (const part of partsAfter(query, place))
        if (rows.length <= count) rows.push(...(await read(part, count + 1 - rows.length, 0)));
      return this.pageOf(list, rows.slice(0, count), { total: place.total, isLast: rows.length <= count });
    }
    const offset = startIndex - 1;
    const { rows, total } = await pageWithTotal({ limit: count, offset }, (limit, from) =>
      read(query, limit, from),
    );
    if (cursor === null) return { rows, total, startIndex };
    return this.pageOf(list, rows, { total, isLast: rows.length >= total });
  }

  private pageOf<Row extends ListedRow>(
    list: List,
    rows: readonly Row[],
    { total, isLast }: { total: number; isLast: boolean },
  ): ScimPage<Row> {
    const last = rows.at(-1);
    if (isLast || !last) return { rows, total };
    const place: Place = { key: last.orderedBy ?? null, id: last.id, total };
    const nextCursor = this.secretBox.encrypt(JSON.stringify([digestOf(list), place.key, place.id, total]));
    return { rows, total, nextCursor };
  }

  private placeOf(list: List, cursor: string): Place {
    const text = this.secretBox.decrypt(cursor);
    const [digest, key, id, total] = text === null ? [] : JSON.parse(text);
    if (digest !== digestOf(list))
      throw new ScimError(
        'invalidCursor',
        'cursor has to be the nextCursor of a page of the same list, with the same filter and order.',
      );
    return { key, id, total };
  }
}

/** Other lists do not accept the cursor (RFC 9865, section 2). */
const digestOf = ({ orgId, name, request: { filter, sortBy, descending } }: List): string =>
  createHash('sha256')
    .update(JSON.stringify([orgId, name, filter, sortBy, descending]))
    .digest('base64url');

/** Rows without a key come last, or first in descending order. Apart from the others, both are read in the order of an index. */
export function partsAfter(query: ListQuery, { key, id }: Place): ListQuery[] {
  const { order } = query;
  const sign = order.descending ? '<' : '>';
  if (key !== null) {
    const next = after(
      query,
      (bind) =>
        `${rowOf(order)} ${sign} (${bind(key)}::${order.type}, ${bind(id)}::${order.idType ?? 'uuid'})`,
    );
    return order.descending || !order.isNullable
      ? [next]
      : [next, after(query, () => `(${order.key}) is null`)];
  }
  const next = after(
    query,
    (bind) => `(${order.key}) is null and ${order.id} ${sign} ${bind(id)}::${order.idType ?? 'uuid'}`,
  );
  return order.descending ? [next, after(query, () => `(${order.key}) is not null`)] : [next];
}

const rowOf = ({ key, id }: ListOrder): string => `(${key}, ${id})`;
