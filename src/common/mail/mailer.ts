import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';

/** `id` tells sendings apart: it becomes the Message-ID. */
export type Mail = { id: string; to: string; subject: string; text: string; html: string };

/**
 * What became of a mail: the server took it; refused it for now, or for good; went away when it had the text or part of
 * it, so that nobody knows; or it was withdrawn before the text was handed over. `reason` holds no secret.
 */
export type Delivery =
  | { outcome: 'taken' | 'withdrawn' }
  | { outcome: 'refused' | 'refused-for-good' | 'unanswered'; reason: string };

/** A server that does not answer must not hold up a stop, nor the other mails. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/** As nodemailer reports it. */
type SendingError = Error & { responseCode?: number; command?: string };

/** Hands mails to the SMTP server of this installation, if it has one. */
@Injectable()
export class Mailer {
  private readonly settings: Config['mail'];

  constructor({ mail }: Config) {
    this.settings = mail;
  }

  get isConfigured(): boolean {
    return this.settings !== null;
  }

  /**
   * One mail, once. `mayHandOver` is asked at the latest moment there is: the server has agreed to sender and recipient
   * and waits for the text. Until it says yes, nothing that fails can have sent anything.
   */
  async send({ id, ...content }: Mail, confirmHandover: () => Promise<boolean>): Promise<Delivery> {
    if (!this.settings) throw new Error('no mail server is set up');
    const { smtpUrl, from } = this.settings;
    const handover: Handover = { state: 'not-yet', confirm: confirmHandover };
    const { createTransport } = await import('nodemailer'); // only where mail is sent
    const transport = createTransport({ url: smtpUrl, ...TIMEOUTS });
    transport.use('stream', (message, next) => {
      message.message.processFunc((text) => Readable.from(afterConfirmation(handover, text)));
      next();
    });
    try {
      await transport.sendMail({
        from: { ...from },
        ...content,
        messageId: `<${id}@${from.address.split('@')[1]!}>`,
        headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: no answering machine answers
      });
      return { outcome: 'taken' };
    } catch (error) {
      return toDelivery(error as SendingError, handover);
    }
  }
}

type Handover = { state: 'not-yet' | 'begun' | 'withdrawn'; readonly confirm: () => Promise<boolean> };

/** Read only once the server waits for it. */
async function* afterConfirmation(handover: Handover, text: Readable): AsyncGenerator<Uint8Array> {
  const isConfirmed = await handover.confirm();
  handover.state = isConfirmed ? 'begun' : 'withdrawn';
  if (!isConfirmed) throw new Error('withdrawn');
  yield* text as AsyncIterable<Uint8Array>;
}

/** A reply of 5xx to the recipient or the text is final (RFC 5321, section 4.2.1); to anything else it can be mended. */
function toDelivery({ message, responseCode, command }: SendingError, { state }: Handover): Delivery {
  if (state === 'withdrawn') return { outcome: 'withdrawn' };
  if (state === 'begun' && !responseCode) return { outcome: 'unanswered', reason: message };
  const isFinal = (responseCode ?? 0) >= 500 && ['RCPT TO', 'DATA'].includes(command ?? '');
  return { outcome: isFinal ? 'refused-for-good' : 'refused', reason: message };
}
