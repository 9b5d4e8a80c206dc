import { Flag, OneOf, Text, TextList, UuidList, Integer } from '../common/http/fields.decorator.js';
import { MEMBER_SORT_FIELDS, type MemberSortField } from './enums.js';

/** Longest list of addresses or ids in a query, the largest page's size; published lists have no bound. */
const LONGEST_LIST = 500;

/** What the query of every list of people has. Published as nullable, but a query cannot say null, only be silent. */
export class PendingQuery {
  @Integer({ default: 50, minimum: 1, maximum: 500 }) limit: number;
  @Integer({ default: 0, minimum: 0 }) offset: number;
  @TextList({ default: [], maxSize: LONGEST_LIST }) emails: string[];
  @Text({ nullable: true, optional: true }) q?: string;
  @OneOf(MEMBER_SORT_FIELDS, 'MemberSortField', { default: 'created_at' }) sort_by: MemberSortField;
  @Flag({ default: true }) sort_by_desc: boolean;
}

export class MembersQuery extends PendingQuery {
  @UuidList({ default: [], maxSize: LONGEST_LIST }) ls_user_ids: string[];
  @UuidList({ optional: true, deprecated: true, maxSize: LONGEST_LIST }) user_ids?: string[];
  @Flag({ nullable: true, optional: true }) is_disabled?: boolean;
}
