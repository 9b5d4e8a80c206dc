import { Injectable } from '@nestjs/common';
import type { ServerMetadata } from 'openid-client';
import { ProviderUnavailable } from './provider.errors.js';

export type Refreshed = {
  /** Null when the provider sent no new ID token. */
  readonly idToken: string | null;
  readonly idTokenExpiresAt: Date | null;
  /** Null: the old one stays valid. */
  readonly refreshToken: string | null;
};

export type LogoutToken = {
  readonly issuer: string;
  /** At least one of subject and sid is there. */
  readonly subject: string | null;
  readonly sid: string | null;
  readonly jti: string;
  readonly expiresAt: Date;
};

/** The one identity provider of the installation, as the rest of the server sees it. */
@Injectable()
export class IdentityProvider {
  /** Throws ProviderUnavailable. */
  async metadata(): Promise<ServerMetadata> {
    throw new ProviderUnavailable('not built yet');
  }

  /** New tokens of the session; throws RefreshRefused or ProviderUnavailable. */
  async refresh(_refreshToken: string): Promise<Refreshed> {
    throw new ProviderUnavailable('not built yet');
  }

  /** Where the browser ends the provider's session (RP-initiated logout); null when it has no such place. */
  async endSessionUrl(_wanted: { idTokenHint: string | null; returnTo: string }): Promise<string | null> {
    return null;
  }

  /** OIDC back-channel logout 1.0, section 2.6; throws LogoutTokenRefused or ProviderUnavailable. */
  async verifyLogoutToken(_token: string): Promise<LogoutToken> {
    throw new ProviderUnavailable('not built yet');
  }
}
