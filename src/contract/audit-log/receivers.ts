import { Flag, Instant, Text, Uuid } from '../../common/http/operations/fields.decorator.js';
import { CreatedBy } from '../api-keys.js';

/* What webhooks and log streams have in common. Not part of the published API: docs/contract/webhooks.md, log-streams.md. */

const URL = {
  minLength: 1,
  maxLength: 2000,
  description:
    'An https URL outside of private networks, unless the operator of the installation allows more.',
};
const DESCRIPTION = { maxLength: 200, visible: true };

export class CreateReceiverRequest {
  @Text(URL) url: string;
  @Text({ ...DESCRIPTION, default: '' }) description: string;
}

export class UpdateReceiverRequest {
  @Text({ ...URL, optional: true }) url?: string;
  @Text({ ...DESCRIPTION, optional: true }) description?: string;
}

export class Receiver extends CreatedBy {
  @Uuid() id: string;
  @Text({ description: 'Only scheme, host and port for callers below the rank of an Organization Admin.' })
  url: string;
  @Text() description: string;
  @Flag() is_enabled: boolean;
  @Instant({ nullable: true }) disabled_at: string | null;
  @Flag({ description: 'The user who created it is disabled or no longer a member, and it is enabled.' })
  owner_gone: boolean;
  @Flag({
    nullable: true,
    description:
      'Whether it is enabled and who created it is no Organization Admin at present; null if that is unknown.',
  })
  exceeds_creator: boolean | null;
  @Instant() created_at: string;
  @Instant() updated_at: string;
}
