import { Nested, OneOf, Text, Uuid } from '../common/http/fields.decorator.js';
import { CREATING_CREDENTIALS, type CreatingCredential } from './enums.js';

/* Who and what created a key or token (docs/contract/keys.md#who-created-a-key). */

/** The credential with which another one was created. */
export class CreatedWith {
  @Uuid() id: string;
  @OneOf(CREATING_CREDENTIALS, 'CreatingCredential') kind: CreatingCredential;
}

export class CreatedBy {
  @Text({
    nullable: true,
    optional: true,
    description: 'The e-mail address of the member who created it, directly or with a key.',
  })
  created_by?: string | null;
  @Uuid({
    nullable: true,
    optional: true,
    description: 'Remains when that user is no longer a member.',
  })
  created_by_ls_user_id?: string | null;
  @Nested(() => CreatedWith, {
    nullable: true,
    optional: true,
    description: 'Remains when that credential is deleted. Null if it is unknown.',
  })
  created_with?: CreatedWith | null;
}
