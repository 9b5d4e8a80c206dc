import type { SSOEmailVerificationSendRequest } from '../../../../contract/email-verification.js';

export const fromVerificationRequest = (body: SSOEmailVerificationSendRequest) => ({
  email: body.email,
  providerId: body.saml_provider_id.toLowerCase(),
});
