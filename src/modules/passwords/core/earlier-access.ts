import { Injectable } from '@nestjs/common';
import { SessionsService } from '../../sessions/index.js';
import { PasswordLinks } from './password-links.js';

/** What a new password ends: sessions and unused password links. */
@Injectable()
export class EarlierAccess {
  constructor(
    private readonly sessions: SessionsService,
    private readonly links: PasswordLinks,
  ) {}

  /** `keptSessionId`: the session in which the user changes their own password. */
  async end(userId: string, keptSessionId: string | null = null): Promise<void> {
    await this.links.revokeOfUsers([userId]);
    await this.sessions.endAllOf([userId], keptSessionId);
  }
}
