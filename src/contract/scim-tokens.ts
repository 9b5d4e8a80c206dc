import { Flag, Instant, MAX_DESCRIPTION_LENGTH, Text, WireName } from '../common/http/fields.decorator.js';
import { CreatedBy } from './created-credentials.js';

@WireName('scim.ErrorResponse')
export class ScimTokenErrorResponse {
  @Text({ optional: true }) error?: string;
}

@WireName('scim.CreateScimTokenPayload')
export class CreateScimTokenPayload {
  @Text({ optional: true, unpublishedMaxLength: MAX_DESCRIPTION_LENGTH }) description?: string;
  @Instant({ optional: true, nullable: true, description: 'The token is invalid after this time.' })
  expires_at?: string | null;
}

@WireName('scim.UpdateScimTokenPayload')
export class UpdateScimTokenPayload {
  @Text({ optional: true, unpublishedMaxLength: MAX_DESCRIPTION_LENGTH }) description?: string;
}

@WireName('scim.ScimTokenResponse')
export class ScimTokenResponse extends CreatedBy {
  @Text({ optional: true }) created_at?: string;
  @Text({ optional: true }) description?: string;
  @Text({ optional: true }) id?: string;
  @Text({ optional: true }) last_used_at?: string;
  @Text({ optional: true }) short_token?: string;
  @Text({ optional: true }) updated_at?: string;
  @Text({ optional: true }) expires_at?: string;
  @Flag({
    nullable: true,
    optional: true,
    description: 'Whether it allows more than its creator may do at present; null if that is unknown.',
  })
  exceeds_creator?: boolean | null;
}

@WireName('scim.ScimTokenSensitiveResponse')
export class ScimTokenSensitiveResponse extends ScimTokenResponse {
  @Text({ optional: true }) token?: string;
}
