import { Forbidden } from '../../common/errors/domain-error.js';

/**
 * The change gives or takes more than the caller holds, by something other than the role that it names: a user group, a
 * deny policy that ends, or a deny policy of the caller (docs/contract/members.md#no-escalation).
 */
export class ChangeExceedsRights extends Forbidden {
  readonly code = 'change_exceeds_rights';
}
