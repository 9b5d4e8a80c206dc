import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';

abstract class UsersOfOrg {
  constructor(
    readonly orgId: string,
    readonly userIds: readonly string[],
  ) {}
}

/** Members may not act until they are enabled again. Published inside the transaction. */
export class MembersDisabled extends UsersOfOrg {}

/** Published inside the transaction. */
export class MembersAdded extends UsersOfOrg {}

/** Members were promoted to Organization Admin or Operator. Published inside the transaction. */
export class MembersPromoted extends UsersOfOrg {}

/** Published inside the transaction. */
export class MemberRemoved {
  constructor(
    readonly orgId: string,
    readonly userId: string,
  ) {}
}

/** The modules above end keys and SCIM tokens that were created by it earlier, and add their ids. In the transaction. */
export class EndBroughtForward {
  readonly credentialIds: string[] = [];

  constructor(readonly orgId: string) {}
}

/** A user asks to revoke all their personal access tokens, in every organization. Published inside the transaction. */
export class TokenRevocationRequested {
  constructor(
    readonly userId: string,
    readonly request: RequestMetadata,
  ) {}
}

export type CreatedCredential = {
  readonly id: string;
  readonly shortKey: string;
  readonly description: string;
};

/** What was created for requests to an address outside. `host`: of the address, whose path may hold a secret. */
export type CreatedReceiver = { readonly id: string; readonly host: string; readonly description: string };

/** What a user created, or what was created with a credential. Newest first. */
export type CreatedCredentials = {
  readonly serviceKeys: readonly CreatedCredential[];
  readonly personalAccessTokens: readonly CreatedCredential[];
  readonly scimTokens: readonly CreatedCredential[];
  readonly webhooks: readonly CreatedReceiver[];
  readonly logStreams: readonly CreatedReceiver[];
};

export const NO_CREATED_CREDENTIALS: CreatedCredentials = {
  serviceKeys: [],
  personalAccessTokens: [],
  scimTokens: [],
  webhooks: [],
  logStreams: [],
};

/** `grants`: the applications that act for the user; `shortKey` is the id of the client. */
export type CreatedByMember = CreatedCredentials & { readonly grants: readonly CreatedCredential[] };

/** `keys`: service keys, SCIM tokens, webhooks and log streams are deleted. `tokens`: personal access tokens are revoked, and grants end. */
export type Ending = { readonly keys: boolean; readonly tokens: boolean };

/** The modules above return what the member created, and end it if requested; in the transaction, before rights change. */
export class CreatedCredentialsRequested {
  created = NO_CREATED_CREDENTIALS;
  grants: readonly CreatedCredential[] = [];

  constructor(
    readonly principal: OrgPrincipal,
    readonly userId: string,
    readonly ending: Ending,
  ) {}

  get all(): CreatedByMember {
    return { ...this.created, grants: this.grants };
  }
}
