import type { Type } from '@nestjs/common';
import {
  Flag,
  Instant,
  Integer,
  ListOf,
  ListOfOneOf,
  NULLISH,
  OneOf,
  Text,
  TextList,
  UuidList,
} from '../common/http/operations/fields.decorator.js';
import {
  ACTIVE_MEMBER_SORT_FIELDS,
  type ActiveMemberSortField,
  MEMBER_SORT_FIELDS,
  type MemberSortField,
  MEMBERSHIP_SOURCES,
  type MembershipSource,
} from './enums.js';

const PAGE_SIZE = { default: 20, minimum: 1, maximum: 100 };
const CURSOR = { optional: true, description: 'The next_cursor of the page before.' };

/** The query of lists with cursors (docs/contract/http.md#lists-with-cursors), which `CursorList` reads. */
export class CursorListQuery {
  @Integer(PAGE_SIZE) page_size: number;
  @Text(CURSOR) cursor?: string;
}

/** The same with another name of the size. */
export class LimitedListQuery {
  @Integer(PAGE_SIZE) limit: number;
  @Text(CURSOR) cursor?: string;
}

/** The response of a list with cursors, as `CursorList` makes it. */
export function PageOf<Item>(type: Type<Item>) {
  class Page {
    @ListOf(() => type) items: Item[];
    @Text({ nullable: true }) next_cursor: string | null;
  }
  return Page;
}

/**
 * The maximum number of addresses or ids in a query, equal to the largest page size; the published lists have no limit.
 */
const LONGEST_LIST = 500;

const NEEDS_MANAGE = 'Requires `organization:manage`.';

/** The query parameters of every list of members. Published as nullable, but a query string has no null. */
class PeopleQuery {
  @Integer({ default: 50, minimum: 1, maximum: 500 }) limit: number;
  @Integer({ default: 0, minimum: 0 }) offset: number;
  @TextList({ default: [], maxSize: LONGEST_LIST }) emails: string[];
  @Text(NULLISH) q?: string;
  @Flag({ default: true }) sort_by_desc: boolean;
  /** From here on, not in the published API (docs/contract/members.md#filters). */
  @UuidList({
    default: [],
    maxSize: LONGEST_LIST,
    description: 'Any of these roles, at the level of the list.',
  })
  role_ids: string[];
}

export class PendingQuery extends PeopleQuery {
  @OneOf(MEMBER_SORT_FIELDS, 'MemberSortField', { default: 'created_at' }) sort_by: MemberSortField;
  @Flag({ optional: true }) is_expired?: boolean;
}

export class OrgPendingQuery extends PendingQuery {
  @Flag({
    default: false,
    description:
      'Only invited people to whom a password link can be handed over, and who have no valid one. Organization Admins only.',
  })
  waiting_for_link: boolean;
  @Flag({
    default: false,
    description: 'Only invited people whose mail the mail server refused. Organization Admins only.',
  })
  mail_refused: boolean;
}

export class MembersQuery extends PeopleQuery {
  @OneOf(ACTIVE_MEMBER_SORT_FIELDS, 'ActiveMemberSortField', {
    default: 'created_at',
    description: 'By `access_expires_at`, permanent members come last.',
  })
  sort_by: ActiveMemberSortField;
  @UuidList({ default: [], maxSize: LONGEST_LIST }) ls_user_ids: string[];
  @UuidList({ optional: true, deprecated: true, maxSize: LONGEST_LIST }) user_ids?: string[];
  @Flag(NULLISH) is_disabled?: boolean;
  @ListOfOneOf(MEMBERSHIP_SOURCES, 'MembershipSource', {
    default: [],
    maxSize: MEMBERSHIP_SOURCES.length,
    description: `Any of these sources of the membership. ${NEEDS_MANAGE}`,
  })
  sources: MembershipSource[];
  @Instant({
    optional: true,
    description: `Members of the organization since before this time who have not been active since. ${NEEDS_MANAGE}`,
  })
  not_active_since?: string;
  @Flag({ optional: true, description: NEEDS_MANAGE }) never_active?: boolean;
  @Flag({ optional: true, description: 'Whether the membership has an end.' }) has_access_end?: boolean;
  @Instant({ optional: true, description: 'Only memberships that end before this time.' })
  access_expires_before?: string;
  @UuidList({
    default: [],
    maxSize: LONGEST_LIST,
    description: 'Members of any of these user groups. Requires `organization:user-groups:read`.',
  })
  user_group_ids: string[];
}
