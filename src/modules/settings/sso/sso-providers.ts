import { Injectable } from '@nestjs/common';
import { SsoSettingsRepository } from './sso-settings.repository.js';

/** Organizations by the provider that login pages know them by. */
@Injectable()
export class SsoProviders {
  constructor(private readonly settings: SsoSettingsRepository) {}

  findOrg(providerId: string): Promise<string | null> {
    return this.settings.findOrgOfProvider(providerId);
  }
}
