import { Injectable } from '@nestjs/common';
import { Sql } from '../../database/transactions/sql.js';
import { type CredentialPage, type Kind, pageOf } from './credential-page.statements.js';

/** `key` is what the page is sorted by, in UTC with microseconds. */
export type SelectedCredential = { readonly kind: Kind; readonly id: string; readonly key: string };

const KEY = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** The valid credentials of an organization, in pages. */
@Injectable()
export class CredentialsReadModel {
  constructor(private readonly sql: Sql) {}

  /** A position that this list has not issued counts as the start. */
  select(page: CredentialPage): Promise<SelectedCredential[]> {
    const { after } = page;
    const isIssued = after !== null && KEY.test(after.key) && Number.isFinite(Date.parse(after.key));
    const { statement, values } = pageOf({ ...page, after: isIssued ? after : null });
    return this.sql.rows(statement, values);
  }
}
