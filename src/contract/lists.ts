import {
  Flag,
  Integer,
  NULLISH,
  OneOf,
  Text,
  TextList,
  UuidList,
} from '../common/http/operations/fields.decorator.js';
import { MEMBER_SORT_FIELDS, type MemberSortField } from './enums.js';

/**
 * The query of lists with cursors (docs/contract/http.md#lists-with-cursors), which `CursorList` reads. Their responses
 * have `items` and `next_cursor`.
 */
export class CursorListQuery {
  @Integer({ default: 20, minimum: 1, maximum: 100 }) page_size: number;
  @Text({ optional: true, description: 'The next_cursor of the page before.' }) cursor?: string;
}

/**
 * The maximum number of addresses or ids in a query, equal to the largest page size; the published lists have no limit.
 */
const LONGEST_LIST = 500;

/** The query parameters of every list of members. Published as nullable, but a query string has no null. */
export class PendingQuery {
  @Integer({ default: 50, minimum: 1, maximum: 500 }) limit: number;
  @Integer({ default: 0, minimum: 0 }) offset: number;
  @TextList({ default: [], maxSize: LONGEST_LIST }) emails: string[];
  @Text(NULLISH) q?: string;
  @OneOf(MEMBER_SORT_FIELDS, 'MemberSortField', { default: 'created_at' }) sort_by: MemberSortField;
  @Flag({ default: true }) sort_by_desc: boolean;
}

export class OrgPendingQuery extends PendingQuery {
  @Flag({
    default: false,
    description:
      'Only invited people to whom a password link can be handed over, and who have no valid one. Organization Admins only.',
  })
  waiting_for_link: boolean;
}

export class MembersQuery extends PendingQuery {
  @UuidList({ default: [], maxSize: LONGEST_LIST }) ls_user_ids: string[];
  @UuidList({ optional: true, deprecated: true, maxSize: LONGEST_LIST }) user_ids?: string[];
  @Flag(NULLISH) is_disabled?: boolean;
}
