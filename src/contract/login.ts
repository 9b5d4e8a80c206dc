import { Text, WireName } from '../common/http/fields.js';

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
