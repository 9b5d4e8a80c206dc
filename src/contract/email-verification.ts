import { Instant, Text, Uuid } from '../common/http/fields.decorator.js';

export class SSOEmailVerificationSendRequest {
  @Text() email: string;
  @Uuid() saml_provider_id: string;
}

export class SSOEmailVerificationStatusRequest {
  @Text() email: string;
  @Uuid() saml_provider_id: string;
}

export class SSOEmailVerificationStatusResponse {
  @Instant({ nullable: true, optional: true }) email_confirmed_at?: string | null;
}

export class SSOConfirmEmailRequest {
  @Text() token: string;
}
