import { type CanActivate, Injectable } from '@nestjs/common';
import { PasswordsService } from './passwords.service.js';

/**
 * For routes that are about passwords whatever is asked for: where there are none, that is said first
 * (contract decision 43).
 */
@Injectable()
export class PasswordLoginEnabledGuard implements CanActivate {
  constructor(private readonly passwords: PasswordsService) {}

  canActivate(): boolean {
    this.passwords.assertEnabled();
    return true;
  }
}
