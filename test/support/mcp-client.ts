import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';

/** What an MCP client keeps between the steps of `auth()` of its SDK, in memory. */
export class McpClient implements OAuthClientProvider {
  readonly redirectUrl = 'http://127.0.0.1:33418/callback';
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: 'Example MCP client',
    redirect_uris: [this.redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  /** Where the SDK would have opened a browser. */
  address = new URL('about:blank');
  private information: OAuthClientInformationMixed | undefined;
  private issued: OAuthTokens | undefined;
  private verifier = '';

  constructor(readonly clientMetadataUrl?: string) {}

  clientInformation = () => this.information;
  saveClientInformation = (information: OAuthClientInformationMixed): void => {
    this.information = information;
  };
  tokens = () => this.issued;
  saveTokens = (tokens: OAuthTokens): void => {
    this.issued = tokens;
  };
  redirectToAuthorization = (address: URL): void => {
    this.address = address;
  };
  codeVerifier = () => this.verifier;
  saveCodeVerifier = (verifier: string): void => {
    this.verifier = verifier;
  };
}
