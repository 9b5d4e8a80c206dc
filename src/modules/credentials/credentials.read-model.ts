import { Injectable } from '@nestjs/common';
import { Sql } from '../../database/transactions/sql.js';
import type { SignInRequirement } from '../orgs/index.js';
import { type CredentialPage, type Kind, pageOf, WEAKER_SIGN_INS } from './credential-page.statements.js';

/** `key` is what the page is sorted by, in UTC with microseconds. */
export type SelectedCredential = { readonly kind: Kind; readonly id: string; readonly key: string };

/** `unknownTokens`: of which the sign-in is not known. */
export type WeakerCounts = {
  readonly sessions: number;
  readonly tokens: number;
  readonly unknownTokens: number;
};

/** The valid credentials of an organization, in pages. */
@Injectable()
export class CredentialsReadModel {
  constructor(private readonly sql: Sql) {}

  /** What goes on if the organization requires this of sign-ins. */
  countWeaker(
    orgId: string,
    { requiredAcr, requiredAmr, maxAuthenticationAge }: SignInRequirement,
  ): Promise<WeakerCounts> {
    return this.sql.one(WEAKER_SIGN_INS, [orgId, requiredAcr, requiredAmr, maxAuthenticationAge]);
  }

  select(page: CredentialPage): Promise<SelectedCredential[]> {
    const { statement, values } = pageOf(page);
    return this.sql.rows(statement, values);
  }
}
