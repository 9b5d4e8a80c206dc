import { type CanActivate, Injectable } from '@nestjs/common';
import { PasswordsService } from '../../passwords/index.js';

/** Refuses password routes with single sign-on, before any other check (docs/contract/http.md#order-of-checks). */
@Injectable()
export class PasswordLoginEnabledGuard implements CanActivate {
  constructor(private readonly passwords: PasswordsService) {}

  canActivate(): boolean {
    this.passwords.assertEnabled();
    return true;
  }
}
