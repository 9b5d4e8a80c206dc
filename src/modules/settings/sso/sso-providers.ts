import { Injectable } from '@nestjs/common';
import { SsoSettingsRepository } from './sso-settings.repository.js';

/** Finds organizations by the provider id that login pages use. */
@Injectable()
export class SsoProviders {
  constructor(private readonly settings: SsoSettingsRepository) {}

  findOrg(providerId: string): Promise<string | null> {
    return this.settings.findOrgOfProvider(providerId);
  }
}
