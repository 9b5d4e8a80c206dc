import {
  Instant,
  Integer,
  ListOf,
  Nested,
  OneOf,
  Text,
  Uuid,
} from '../common/http/operations/fields.decorator.js';

const NEEDS_MANAGE = 'Null without `organization:manage`.';

class OverviewPeople {
  @Integer() active: number;
  @Integer() invited: number;
  @Integer({
    nullable: true,
    description:
      'Invited people to whom a password link can be handed over, and who have no valid one; at most 10,000 are counted. ' +
      'Null unless the caller is an Organization Admin and links are handed over.',
  })
  waiting_for_link: number | null;
}

class OverviewEnding {
  @Integer({ description: 'Memberships in the organization.' }) access: number;
  @Integer({ description: 'Service keys.' }) keys: number;
  @Integer({
    nullable: true,
    description: 'Personal access tokens and SCIM tokens. Null unless the caller is an Organization Admin.',
  })
  tokens: number | null;
}

class OverviewFailedSignIns {
  @Text({ description: 'As the entries of the audit log name it; `invalid_login` if they name none.' })
  reason: string;
  @Integer() count: number;
}

const CHANGES = ['joined', 'left'] as const;

class OverviewChange {
  @OneOf(CHANGES, 'OverviewChangeKind') kind: (typeof CHANGES)[number];
  @Instant() time: string;
  @Uuid() user_id: string;
  @Text({ nullable: true }) name: string | null;
  @Text({ nullable: true }) email: string | null;
}

class OverviewDay {
  @Text({ format: 'date', description: 'Of UTC.' }) day: string;
  @Integer() sign_ins: number;
  @Integer() failed_sign_ins: number;
  @Integer() joined: number;
  @Integer() left: number;
}

/** Not in the published API: docs/contract/organizations.md#overview. */
export class Overview {
  @Instant() counted_at: string;
  @Nested(() => OverviewPeople) people: OverviewPeople;
  @Integer({
    nullable: true,
    description: 'Those that the caller can decide. Null if the caller decides none.',
  })
  access_requests: number | null;
  @Nested(() => OverviewEnding, { nullable: true, description: `Within seven days. ${NEEDS_MANAGE}` })
  ending: OverviewEnding | null;
  @ListOf(() => OverviewFailedSignIns, {
    nullable: true,
    description: `Today, the most frequent reason first. ${NEEDS_MANAGE}`,
  })
  failed_sign_ins: OverviewFailedSignIns[] | null;
  @ListOf(() => OverviewChange, {
    nullable: true,
    description: `At most ten of the last seven days, newest first. ${NEEDS_MANAGE}`,
  })
  recent: OverviewChange[] | null;
  @ListOf(() => OverviewDay, { nullable: true, description: `The last 30, oldest first. ${NEEDS_MANAGE}` })
  days: OverviewDay[] | null;
}
