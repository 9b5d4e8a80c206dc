import { Injectable } from '@nestjs/common';
import { isTimeKey } from '../../common/lists/cursor-list.js';
import { Sql } from '../../database/transactions/sql.js';
import { type CredentialPage, type Kind, pageOf } from './credential-page.statements.js';

/** `key` is what the page is sorted by, in UTC with microseconds. */
export type SelectedCredential = { readonly kind: Kind; readonly id: string; readonly key: string };

/** The valid credentials of an organization, in pages. */
@Injectable()
export class CredentialsReadModel {
  constructor(private readonly sql: Sql) {}

  /** A position that this list has not issued counts as the start. */
  select(page: CredentialPage): Promise<SelectedCredential[]> {
    const { after } = page;
    const { statement, values } = pageOf({ ...page, after: after && isTimeKey(after.key) ? after : null });
    return this.sql.rows(statement, values);
  }
}
