import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { BreakGlassWindow } from './break-glass-window.js';

/** Logs a warning at the start while a window is open, so that it is not forgotten. */
@Injectable()
export class WarnAboutOpenBreakGlass implements OnApplicationBootstrap {
  private readonly log = new Logger('Break-glass');

  constructor(private readonly window: BreakGlassWindow) {}

  async onApplicationBootstrap(): Promise<void> {
    const open = await this.window.find();
    if (open)
      this.log.warn(
        `OPEN: user ${open.userId} can log in with a password until ${open.expiresAt.toISOString()}. ` +
          'npm run admin -- break-glass --end closes it.',
      );
  }
}
