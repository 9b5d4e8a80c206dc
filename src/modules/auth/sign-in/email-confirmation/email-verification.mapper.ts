import type { SSOEmailVerificationSendRequest } from '../../../../contract/sso-settings.js';

export const fromVerificationRequest = (body: SSOEmailVerificationSendRequest) => ({
  email: body.email,
  providerId: body.saml_provider_id.toLowerCase(),
});
