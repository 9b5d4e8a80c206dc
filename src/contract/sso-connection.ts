import { Text, TextList } from '../common/http/operations/fields.decorator.js';

/**
 * Not part of the published API: this installation as a client of its identity provider. The addresses have the names of
 * OpenID Connect Dynamic Client Registration.
 */
export class SsoConnection {
  @Text({ description: 'The issuer, or the address of its metadata, as the operator has set it.' })
  issuer_url: string;
  @Text() client_id: string;
  @TextList() scopes: string[];
  @Text() redirect_uri: string;
  @Text() initiate_login_uri: string;
  @Text() post_logout_redirect_uri: string;
  @Text() backchannel_logout_uri: string;
  @Text() frontchannel_logout_uri: string;
}
