import type { DomainError } from '../../../../common/errors/domain-error.js';
import type { Provisioning } from '../../../settings/index.js';
import {
  AuthorizationCodeRejected,
  InvalidIdToken,
  ProviderFailed,
  RejectedByProvider,
} from '../../oidc/index.js';
import { AuthorizationDenied, InvalidLoginState, ProviderTemporarilyUnavailable } from '../core/errors.js';
import type { ClaimedGroup } from '../provisioning/resolve-claimed-groups.js';
import type { SignInAccount, SignInRule } from '../provisioning/sign-in-decision.js';

type Step =
  | 'discovery'
  | 'pushed_authorization_request'
  | 'authorization'
  | 'token_endpoint'
  | 'key_set'
  | 'id_token'
  | 'user_info'
  | 'decision';

export type TestFailure = {
  readonly step: Step;
  readonly code: string;
  readonly reason: string | null;
  readonly message: string;
};

export type ClaimUse =
  | 'subject'
  | 'email'
  | 'email_verified'
  | 'name'
  | 'given_name'
  | 'family_name'
  | 'username'
  | 'groups'
  | 'acr'
  | 'amr'
  | 'auth_time';

export type TestClaim = {
  readonly usedFor: ClaimUse;
  readonly name: string;
  /** Null if the provider did not send it; JSON if it is no text. */
  readonly value: string | null;
};

/** A membership in the organization, or in the workspace that is named. */
export type TestRight = {
  readonly workspaceId: string | null;
  readonly workspaceName: string | null;
  readonly roleId: string;
  readonly roleName: string;
  readonly source: string;
  readonly change: 'unchanged' | 'added' | 'changed' | 'removed';
};

export type TestGroup = {
  readonly name: string;
  readonly meaning: ClaimedGroup['meaning']['kind'];
  readonly workspaceId: string | null;
  readonly workspaceName: string | null;
  readonly roleId: string | null;
  readonly roleName: string | null;
  readonly isFollowed: boolean;
};

/** The end of a test; stored, encrypted, until the admin reads it. */
export type TestOutcome = {
  /** `refused`: the provider signs the person in, and the decision does not. */
  readonly status: 'waiting' | 'passed' | 'refused' | 'failed';
  readonly failure: TestFailure | null;
  readonly claims: readonly TestClaim[];
  readonly otherClaims: readonly string[];
  readonly rule: SignInRule | null;
  readonly account: SignInAccount | null;
  readonly userId: string | null;
  readonly defaults: Provisioning['source'] | null;
  readonly rights: readonly TestRight[];
  readonly groupsState: 'off' | 'not_sent' | 'without_roles' | 'with_roles' | null;
  readonly groups: readonly TestGroup[];
};

export const WAITING: TestOutcome = {
  status: 'waiting',
  failure: null,
  claims: [],
  otherClaims: [],
  rule: null,
  account: null,
  userId: null,
  defaults: null,
  rights: [],
  groupsState: null,
  groups: [],
};

/** Nothing could be decided. `rejectedAt`: the request with client authentication that was sent. */
export const failed = (error: DomainError, rejectedAt: Step = 'token_endpoint'): TestOutcome => ({
  ...WAITING,
  status: 'failed',
  failure: { ...toFailure(error), step: stepOf(error, rejectedAt) },
});

/** Of the decision. With the reason, which is only logged otherwise: an admin is to correct it. */
export const toFailure = (error: DomainError): TestFailure => ({
  step: 'decision',
  code: error.code,
  reason: (error as { reason?: string }).reason ?? null,
  message: error.message,
});

const STEPS: Readonly<Record<ProviderFailed['purpose'], Step>> = {
  discovery: 'discovery',
  'pushed authorization request': 'pushed_authorization_request',
  'token endpoint': 'token_endpoint',
  'key set': 'key_set',
  UserInfo: 'user_info',
};

const OF_RESPONSE = [AuthorizationDenied, ProviderTemporarilyUnavailable, InvalidLoginState];

function stepOf(error: DomainError, rejectedAt: Step): Step {
  if (error instanceof ProviderFailed) return STEPS[error.purpose];
  if (error instanceof InvalidIdToken) return error.flaw === 'user_info' ? 'user_info' : 'id_token';
  if (error instanceof RejectedByProvider) return rejectedAt;
  if (error instanceof AuthorizationCodeRejected) return 'token_endpoint';
  return OF_RESPONSE.some((kind) => error instanceof kind) ? 'authorization' : 'decision';
}
