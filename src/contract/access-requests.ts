import {
  Flag,
  Instant,
  Integer,
  Nested,
  OneOf,
  Text,
  Uuid,
} from '../common/http/operations/fields.decorator.js';
import { LimitedListQuery, PageOf } from './lists.js';

/* Not part of the published API: docs/contract/access-requests.md. */

const KINDS = ['workspace', 'role', 'group'] as const;
type AccessRequestKind = (typeof KINDS)[number];

const STATES = ['pending', 'approved', 'declined', 'withdrawn', 'expired'] as const;
type AccessRequestState = (typeof STATES)[number];

const TARGET_KINDS = ['workspace', 'group'] as const;
type AccessTargetKind = (typeof TARGET_KINDS)[number];

const REASON = { minLength: 1, maxLength: 500, pattern: /\S/, visible: true };
const FIVE_MINUTES = 300;
const TEN_YEARS = 315_360_000;

export class CreateAccessRequest {
  @Uuid({ optional: true, description: 'This or `user_group_id`.' }) workspace_id?: string;
  @Uuid({ optional: true, description: 'In the workspace. Absent: Viewer.' }) role_id?: string;
  @Uuid({ optional: true, description: 'This or `workspace_id`.' }) user_group_id?: string;
  @Text({ ...REASON, description: 'Plain text for those who decide.' }) reason: string;
  @Integer({
    nullable: true,
    default: null,
    minimum: FIVE_MINUTES,
    maximum: TEN_YEARS,
    description: 'How long the access is wanted, from the approval on. Null: permanently.',
  })
  duration_seconds: number | null;
}

export class ApproveAccessRequest {
  @Uuid({
    optional: true,
    description: 'A role that has no permission which the requested one lacks. Absent: the requested one.',
  })
  role_id?: string;
  @Instant({
    nullable: true,
    optional: true,
    description:
      'Absent: as requested. Not later than the requested duration from now on; null only if it was requested permanently.',
  })
  access_expires_at?: string | null;
}

export class DeclineAccessRequest {
  @Text({ ...REASON, description: 'Plain text for the requester.' }) reason: string;
}

export class AccessRequestPerson {
  @Uuid() ls_user_id: string;
  @Text() email: string;
  @Text({ nullable: true }) full_name: string | null;
}

export class AccessRequest {
  @Uuid() id: string;
  @OneOf(KINDS, 'AccessRequestKind', {
    description: '`role`: another role in a workspace of which the requester was a member.',
  })
  kind: AccessRequestKind;
  @Uuid({ nullable: true }) workspace_id: string | null;
  @Text({ nullable: true }) workspace_name: string | null;
  @Uuid({ nullable: true, description: 'The requested role in the workspace.' }) role_id: string | null;
  @Text({ nullable: true }) role_name: string | null;
  @Text({ nullable: true, description: 'Of `role`: that the requester had when they asked.' })
  from_role_name: string | null;
  @Uuid({ nullable: true }) user_group_id: string | null;
  @Text({ nullable: true }) user_group_name: string | null;
  @Text({ description: 'Plain text: show addresses in it as text, not as links.' }) reason: string;
  @Integer({ nullable: true, description: 'Null: permanently.' }) duration_seconds: number | null;
  @OneOf(STATES, 'AccessRequestState') state: AccessRequestState;
  @Nested(() => AccessRequestPerson) requester: AccessRequestPerson;
  @Flag({ description: 'You are the requester.' }) is_own: boolean;
  @Flag({ description: 'It is open, and you may approve or decline it.' }) can_decide: boolean;
  @Instant() created_at: string;
  @Instant({ description: 'When it expires unless it is decided.' }) expires_at: string;
  @Instant({ nullable: true, description: 'When it was approved, declined or withdrawn.' })
  decided_at: string | null;
  @Nested(() => AccessRequestPerson, {
    nullable: true,
    description:
      'Who approved or declined it. Null also if they are no longer a member, or a service key did.',
  })
  decided_by: AccessRequestPerson | null;
  @Uuid({ nullable: true, description: 'The role that was given.' }) decided_role_id: string | null;
  @Text({ nullable: true }) decided_role_name: string | null;
  @Instant({ nullable: true, description: 'When the access that was given ends. Null: never.' })
  access_expires_at: string | null;
  @Text({ nullable: true }) decline_reason: string | null;
}

export class AccessRequestPage extends PageOf(AccessRequest) {}

export class AccessRequestsQuery extends LimitedListQuery {
  @OneOf(STATES, 'AccessRequestState', { optional: true }) state?: AccessRequestState;
  @Flag({ default: false, description: 'Only your own.' }) mine: boolean;
  @Flag({ default: false, description: 'Only open ones that you may decide.' }) to_decide: boolean;
}

export class AccessTarget {
  @OneOf(TARGET_KINDS, 'AccessTargetKind') kind: AccessTargetKind;
  @Uuid() id: string;
  @Text() name: string;
  @Text({ nullable: true }) description: string | null;
  @Flag({ description: 'You are a member of it.' }) is_member: boolean;
  @Uuid({ nullable: true, description: 'Your own role in the workspace.' }) role_id: string | null;
  @Text({ nullable: true }) role_name: string | null;
  @Uuid({ nullable: true, description: 'Your open request.' }) open_request_id: string | null;
  @Flag({ description: 'The identity provider manages it: it cannot be asked for here.' })
  is_managed_by_provider: boolean;
}

export class AccessTargetPage extends PageOf(AccessTarget) {}
