import {
  Flag,
  Instant,
  Integer,
  ListOf,
  OneOf,
  Text,
  TextList,
  WireName,
} from '../common/http/fields.decorator.js';
import { INVITATION_MAILS, type InvitationMail } from './enums.js';

/** The maximum number of patterns in a filter; the published lists have no limit. */
const MOST_PATTERNS = 100;

export class EnrichedMembersQuery {
  @Integer({ optional: true, description: 'From 1 to 500; 50 if absent.' }) limit?: number;
  @Integer({ optional: true, description: 'From 0; 0 if absent.' }) offset?: number;
  @Flag({ optional: true }) active_is?: boolean;
  @Flag({ optional: true }) pending_is?: boolean;
  @TextList({ optional: true, maxSize: MOST_PATTERNS }) name_like?: string[];
  @TextList({ optional: true, maxSize: MOST_PATTERNS }) email_like?: string[];
  @TextList({ optional: true, maxSize: MOST_PATTERNS }) workspace_name_like?: string[];
  @TextList({ optional: true, maxSize: MOST_PATTERNS }) organization_role_like?: string[];
  @TextList({ optional: true, maxSize: MOST_PATTERNS }) workspace_role_like?: string[];
}

@WireName('orgs.LinkedLoginMethod')
export class LinkedLoginMethod {
  @Text({ optional: true }) provider?: string;
  @Text({ optional: true }) provisioning?: string;
}

@WireName('orgs.SCIMGroup')
export class ScimGroupOfMember {
  @Text({ optional: true }) created_at?: string;
  @Text({ optional: true }) name?: string;
}

@WireName('orgs.WorkspaceMembership')
export class WorkspaceOfMember {
  @Text({ optional: true }) role_id?: string;
  @Text({ optional: true }) role_name?: string;
  @Text({ optional: true }) workspace_id?: string;
  @Text({ optional: true }) workspace_name?: string;
}

/** No field is ever null: absent values are omitted. */
@WireName('orgs.OrgMemberEnriched')
export class OrgMemberEnriched {
  @Text({ optional: true }) avatar_url?: string;
  @Text({ optional: true }) created_at?: string;
  @Text({ optional: true }) display_name?: string;
  @Text({ optional: true }) email?: string;
  @Text({ optional: true }) id?: string;
  @Flag({ optional: true }) is_disabled?: boolean;
  @Flag({ optional: true }) is_pending?: boolean;
  /** Not in the published schema (docs/contract/members.md#last-activity). */
  @Instant({
    optional: true,
    description:
      'When the member was last active, to the minute. Callers without `organization:manage` see only their own.',
  })
  last_active_at?: string;
  /** Not in the published schema (docs/contract/invitations.md#mails). */
  @OneOf(INVITATION_MAILS, 'InvitationMail', {
    optional: true,
    description: 'Of a pending member; only for Organization Admins.',
  })
  mail?: InvitationMail;
  @Instant({
    optional: true,
    description:
      'When the valid password link of a pending member was made that an admin hands over; only for Organization Admins.',
  })
  link_made_at?: string;
  @ListOf(() => LinkedLoginMethod, { optional: true }) linked_login_methods?: LinkedLoginMethod[];
  @Text({ optional: true }) ls_user_id?: string;
  @Text({ optional: true }) role_id?: string;
  @Text({ optional: true }) role_name?: string;
  @ListOf(() => ScimGroupOfMember, { optional: true }) scim_groups?: ScimGroupOfMember[];
  @ListOf(() => WorkspaceOfMember, { optional: true }) workspace_memberships?: WorkspaceOfMember[];
}
