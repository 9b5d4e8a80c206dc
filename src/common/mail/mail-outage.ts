import { Logger } from '@nestjs/common';

/** Logs one line when the mail server fails, and one when it works again, however many mails that concerns. */
export class MailOutage {
  private readonly log = new Logger('Mail');
  private attempts = 0;
  private begunAt = 0;

  /** @param reason holds no secret and no address of a recipient */
  failed(reason: string): void {
    if (this.attempts++ > 0) return;
    this.begunAt = performance.now();
    this.log.warn(
      `The mail server fails: ${reason}. Invitation mails are tried again; further failures are counted, not logged`,
    );
  }

  succeeded(): void {
    if (this.attempts === 0) return;
    const seconds = Math.round((performance.now() - this.begunAt) / 1000);
    this.log.log(`The mail server works again, after ${this.attempts} failed attempts in ${seconds} s`);
    this.attempts = 0;
  }
}
