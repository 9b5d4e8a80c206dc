import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../../common/event-bus.js';
import { named, Sql, type Statement } from '../../../../database/transactions/sql.js';
import { SignInOfTokenRequested } from '../../../orgs/index.js';

/** `ageSeconds`: when the token was created. */
const SIGN_IN: Statement = named('api_keys_sign_in')`
  select sign_in_method as method, acr, amr, extract(epoch from created_at - authenticated_at)::float8 as "ageSeconds"
  from api_keys where id = $1 and sign_in_method is not null`;

/** How the owner of a token had signed in when it was created (docs/contract/sign-in.md#sign-in-requirement). */
@Injectable()
export class TokenSignIns implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly sql: Sql,
  ) {}

  onModuleInit(): void {
    this.events.on(SignInOfTokenRequested, async (asked) => {
      asked.signIn = await this.sql.row(SIGN_IN, [asked.tokenId]);
    });
  }
}
