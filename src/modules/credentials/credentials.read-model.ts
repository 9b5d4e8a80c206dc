import { Injectable } from '@nestjs/common';
import { Sql } from '../../database/transactions/sql.js';
import { type CredentialPage, type Kind, pageOf } from './credential-page.statements.js';

/** `key` is what the page is sorted by, in UTC with microseconds. */
export type SelectedCredential = { readonly kind: Kind; readonly id: string; readonly key: string };

const KEY = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Of a day that the calendar has; `Date` reads February 31 as a day of March. */
const isKey = (text: string): boolean =>
  KEY.test(text) &&
  Number.isFinite(Date.parse(text)) &&
  new Date(text).toISOString().slice(0, 19) === text.slice(0, 19);

/** The valid credentials of an organization, in pages. */
@Injectable()
export class CredentialsReadModel {
  constructor(private readonly sql: Sql) {}

  /** A position that this list has not issued counts as the start. */
  select(page: CredentialPage): Promise<SelectedCredential[]> {
    const { after } = page;
    const { statement, values } = pageOf({ ...page, after: after && isKey(after.key) ? after : null });
    return this.sql.rows(statement, values);
  }
}
