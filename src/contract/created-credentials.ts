import { Flag, ListOf, Nested, OneOf, Text, Uuid } from '../common/http/fields.decorator.js';
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

/** A key or token that a user created, or that was created with another one. */
export class CreatedCredential {
  @Uuid() id: string;
  @Text() short_key: string;
  @Text() description: string;
}

const CREATED_WITH_ENDED = { optional: true, description: 'In an answer to `revoke_created=true`.' };

/** What ended with a key or token. */
export class EndedWith extends CreatedBy {
  @ListOf(() => CreatedCredential, CREATED_WITH_ENDED) created_service_keys?: CreatedCredential[];
  @ListOf(() => CreatedCredential, CREATED_WITH_ENDED) created_personal_access_tokens?: CreatedCredential[];
  @ListOf(() => CreatedCredential, CREATED_WITH_ENDED) created_scim_tokens?: CreatedCredential[];
}

export class CreatedCredentials {
  @ListOf(() => CreatedCredential) created_service_keys: CreatedCredential[];
  @ListOf(() => CreatedCredential) created_personal_access_tokens: CreatedCredential[];
  @ListOf(() => CreatedCredential) created_scim_tokens: CreatedCredential[];
}

/** Not in the published operations. */
export class RevokeCreatedQuery {
  @Flag({
    default: false,
    description: 'Also end the keys and tokens that were created by the member or with the credential.',
  })
  revoke_created: boolean;
  @Flag({ default: false, description: 'The same as `revoke_created`.' }) revoke_created_keys: boolean;
}
