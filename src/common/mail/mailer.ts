import { Readable } from 'node:stream';
import { Logger } from '@nestjs/common';
import { LimitedLog } from '../logging/limited-log.js';
import type { Metrics } from '../metrics/metrics.js';
import { inSpan } from '../tracing/trace-context.js';

/** Logs one line when the mail server fails, and one when it works again, however many mails that concerns. */
class MailOutage {
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

/** The sender of mails, with a display name. */
export type Mailbox = { readonly name: string; readonly address: string };

type MailServer = { readonly smtpUrl: string; readonly from: Mailbox };

/** `id` identifies one sending; it becomes the Message-ID. */
type Mail = { id: string; to: string; subject: string; text: string; html: string };

/**
 * The outcome of a mail: accepted by the server; refused, temporarily or permanently; unanswered, if the connection
 * ended after the text was sent at least in part, so that the outcome is unknown; or withdrawn before the text was
 * sent. Failures have been logged. `code`: of the reply that refused it permanently.
 */
export type Delivery = {
  outcome: 'taken' | 'withdrawn' | 'refused' | 'refused-for-good' | 'unanswered';
  code?: string;
};

/** SMTP has no header for the trace. */
const SPAN = { name: 'SMTP', kind: 'client', attributes: { 'network.protocol.name': 'smtp' } } as const;

/** Bounds how long a server that does not respond delays the shutdown and other mails. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

type SendingError = Error & { responseCode?: number; command?: string };

/** Sends mails through the SMTP server of the installation, if one is configured. */
export class Mailer {
  private readonly logger = new Logger('Mail');
  private readonly log = new LimitedLog(this.logger);
  private readonly outage = new MailOutage();

  constructor(
    private readonly server: MailServer | null,
    private readonly metrics: Metrics,
  ) {}

  get isConfigured(): boolean {
    return this.server !== null;
  }

  /**
   * Sends one mail at most once. `confirmHandover` is called at the latest possible moment: the server has accepted
   * sender and recipient and waits for the text. Until it resolves to true, no failure can have sent the mail.
   */
  async send(mail: Mail, confirmHandover: () => Promise<boolean>): Promise<Delivery> {
    const delivery = await inSpan(SPAN, () => this.deliver(mail, confirmHandover));
    this.metrics.countAttempt('mails', delivery.outcome);
    return delivery;
  }

  /**
   * Connects to the mail server and logs in, and sends nothing.
   *
   * @throws Error whose message has the code of a reply and not its text, which may quote an address
   */
  async verify(): Promise<void> {
    const transport = await this.transport();
    await transport.verify().catch((error: SendingError & { code?: string }) => {
      const reason = error.responseCode ? `${error.code}, reply ${codeOf(error)}` : reasonOf(error);
      throw new Error(reason, { cause: error });
    });
  }

  private async transport() {
    if (!this.server) throw new Error('no mail server is set up');
    const { createTransport } = await import('nodemailer'); // loaded on first use
    return createTransport({ url: this.server.smtpUrl, ...TIMEOUTS });
  }

  private async deliver(
    { id, ...content }: Mail,
    confirmHandover: () => Promise<boolean>,
  ): Promise<Delivery> {
    if (!this.server) throw new Error('no mail server is set up');
    const { from } = this.server;
    const handover: Handover = { state: 'not-yet', confirm: confirmHandover };
    const transport = await this.transport();
    transport.use('stream', (message, next) => {
      message.message.processFunc((text) => Readable.from(afterConfirmation(handover, text)));
      next();
    });
    try {
      await transport.sendMail({
        from: { ...from },
        ...content,
        messageId: `<${id}@${from.address.split('@')[1] ?? 'localhost'}>`,
        headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: prevents automatic replies
      });
      this.outage.succeeded();
      return { outcome: 'taken' };
    } catch (error) {
      const delivery = toDelivery(error as SendingError, handover);
      this.report(id, delivery, handover, error as SendingError);
      return delivery;
    }
  }

  /** Per mail only if somebody must act on that mail. Replies may quote the recipient, so they are not logged. */
  private report(id: string, { outcome }: Delivery, { state }: Handover, error: SendingError): void {
    if (outcome === 'withdrawn') return this.outage.succeeded();
    if (state === 'unconfirmed')
      return this.log.warn('A mail was not sent, since the database did not respond');
    if (outcome === 'unanswered')
      this.logger.warn(`The mail ${id} may not have arrived: the connection ended while it was sent`);
    if (isOutage(error)) return this.outage.failed(reasonOf(error));
    this.outage.succeeded();
    const consequence = outcome === 'refused' ? 'it is tried again' : 'it is not tried again';
    this.log.warn(`The mail server refused a mail (${codeOf(error)}); ${consequence}`);
  }
}

/** What concerns every mail: no connection, no login, the sender refused, or a server that is shutting down. */
const isOutage = ({ responseCode, command }: SendingError): boolean =>
  !responseCode || responseCode === 421 || !['RCPT TO', 'DATA'].includes(command ?? '');

/** The reply to a login or a sender names no recipient; errors of the network have a code and an address. */
const reasonOf = ({ message }: SendingError): string => message.replace(/\s+/g, ' ').replace(/\.$/, '');

/** With the enhanced code of RFC 3463 if the reply has one: `550 5.7.26`. */
const codeOf = ({ message, responseCode }: SendingError): string =>
  [responseCode, /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(message)?.[0]].filter(Boolean).join(' ');

type Handover = {
  state: 'not-yet' | 'unconfirmed' | 'begun' | 'withdrawn';
  readonly confirm: () => Promise<boolean>;
};

/** Read by nodemailer only when the server waits for the text. */
async function* afterConfirmation(handover: Handover, text: Readable): AsyncGenerator<Uint8Array> {
  handover.state = 'unconfirmed';
  const isConfirmed = await handover.confirm();
  handover.state = isConfirmed ? 'begun' : 'withdrawn';
  if (!isConfirmed) throw new Error('withdrawn');
  yield* text as AsyncIterable<Uint8Array>;
}

/**
 * A 5xx reply to the recipient or the text is permanent (RFC 5321, section 4.2.1); other failures may be resolved by a
 * retry.
 */
function toDelivery(error: SendingError, { state }: Handover): Delivery {
  const { responseCode, command } = error;
  if (state === 'withdrawn') return { outcome: 'withdrawn' };
  if (state === 'begun' && !responseCode) return { outcome: 'unanswered' };
  const isFinal = (responseCode ?? 0) >= 500 && ['RCPT TO', 'DATA'].includes(command ?? '');
  return isFinal ? { outcome: 'refused-for-good', code: codeOf(error) } : { outcome: 'refused' };
}
