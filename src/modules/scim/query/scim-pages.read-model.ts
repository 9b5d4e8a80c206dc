import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretBox } from '../../../common/secrets/secret-box.js';
import { Config } from '../../../config/config.js';
import { pageWithTotal } from '../../../database/statements/pages.js';
import { Sql, type Statement } from '../../../database/transactions/sql.js';
import type { ListRequest } from '../protocol/list.js';
import { ScimError } from '../protocol/scim.errors.js';
import type { ListSource } from './columns.js';
import { after, type ListQuery, listQuery } from './list.statements.js';

type List = Omit<ListSource, 'base'> & {
  readonly orgId: string;
  readonly name: 'users' | 'groups' | 'roles';
};

/** `base` is the URL of SCIM as the client sees it. */
export type PageRequest = { readonly list: ListRequest; readonly base: string };

/** `orderedBy`: the key of its order as text; only of pages by cursor. */
type Listed<Row> = Row & { readonly id: string; readonly total: string; readonly orderedBy?: string | null };

export type ScimPage<Row> = {
  readonly rows: readonly Row[];
  readonly total: number;
  /** `startIndex`: of pages by index; `nextCursor`: of pages by cursor but the last one. */
  readonly startIndex?: number;
  readonly nextCursor?: string;
};

type Place = { readonly key: string | null; readonly id: string; readonly total: number };

/**
 * Pages by index (RFC 7644, section 3.4.2.4) and by cursor (RFC 9865). A cursor names the last row of its page, so that every page
 * costs the same. It is encrypted: it contains values such as a user name, and cannot be made by clients.
 */
@Injectable()
export class ScimPages {
  private readonly secretBox: SecretBox;

  constructor(
    private readonly sql: Sql,
    { apiKeys }: Config,
  ) {
    this.secretBox = new SecretBox(apiKeys.salt, 'cursors of SCIM lists');
  }

  /** `statementOf`: with organization, limit and offset as its first values. @throws ScimError invalidFilter, invalidCursor */
  async read<Row extends object>(
    list: List,
    { list: request, base }: PageRequest,
    statementOf: (query: ListQuery) => Statement,
  ): Promise<ScimPage<Row>> {
    const { cursor, count, startIndex } = request;
    const query = listQuery({ ...list, base }, request);
    const read = (part: ListQuery, limit: number, offset: number) =>
      this.sql.rows<Listed<Row>>(statementOf(part), [list.orgId, limit, offset, ...part.values]);
    if (cursor === null || cursor === '') {
      const { rows, total } = await pageWithTotal({ limit: count, offset: startIndex - 1 }, (limit, offset) =>
        read(query, limit, offset),
      );
      if (cursor === null) return { rows, total, startIndex };
      return this.pageOf(digestOf(list, request), rows, { total, isLast: rows.length >= total });
    }
    const digest = digestOf(list, request);
    const place = this.placeOf(digest, cursor);
    const rows: Listed<Row>[] = [];
    for (const part of partsAfter(query, place))
      if (rows.length <= count) rows.push(...(await read(part, count + 1 - rows.length, 0)));
    return this.pageOf(digest, rows.slice(0, count), { total: place.total, isLast: rows.length <= count });
  }

  private pageOf<Row>(
    digest: string,
    rows: readonly Listed<Row>[],
    { total, isLast }: { total: number; isLast: boolean },
  ): ScimPage<Row> {
    const last = rows.at(-1);
    if (isLast || !last) return { rows, total };
    const place = JSON.stringify([digest, last.orderedBy ?? null, last.id, total]);
    return { rows, total, nextCursor: this.secretBox.encrypt(place) };
  }

  private placeOf(listDigest: string, cursor: string): Place {
    const text = this.secretBox.decrypt(cursor);
    const [digest, key, id, total] = text === null ? [] : JSON.parse(text);
    if (digest !== listDigest)
      throw new ScimError(
        'invalidCursor',
        'cursor has to be the nextCursor of a page of the same list, with the same filter and order.',
      );
    return { key, id, total };
  }
}

/** Other lists do not accept the cursor (RFC 9865, section 2). */
const digestOf = ({ orgId, name }: List, { filter, sortBy, descending }: ListRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([orgId, name, filter, sortBy, descending]))
    .digest('base64url');

/** Rows without a key come last, or first in descending order. Apart from the others, both are read in the order of an index. */
export function partsAfter(query: ListQuery, place: Place): ListQuery[] {
  const { key, type, id, idType, isNullable, descending } = query.order;
  const sign = descending ? '<' : '>';
  const rest = (condition: 'is null' | 'is not null') => after(query, () => `(${key}) ${condition}`);
  if (place.key !== null) {
    const next = after(
      query,
      (bind) => `(${key}, ${id}) ${sign} (${bind(place.key)}::${type}, ${bind(place.id)}::${idType})`,
    );
    return descending || !isNullable ? [next] : [next, rest('is null')];
  }
  const next = after(query, (bind) => `(${key}) is null and ${id} ${sign} ${bind(place.id)}::${idType}`);
  return descending ? [next, rest('is not null')] : [next];
}
