import { Text, WireName } from '../common/http/fields.decorator.js';

export class BasicAuthResponse {
  @Text() access_token: string;
}

@WireName('authn.PublicAuthInfo')
export class PublicAuthInfo {
  @Text({ optional: true }) ls_user_id?: string;
  @Text({ optional: true }) organization_id?: string;
  @Text({ optional: true }) tenant_id?: string;
  @Text({ optional: true }) user_email?: string;
  @Text({ optional: true }) user_id?: string;
}

/** Where the browser ends the session at the identity provider; null if it does not have to. */
export class LogoutResponse {
  @Text({ nullable: true }) logout_url: string | null;
}
