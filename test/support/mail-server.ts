import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { until } from './audit-log.js';

/** `raw`: the message as received. */
export type Received = { from: string; to: string; raw: string };

/** The refusal of a mail; undefined accepts it. */
type SmtpReply = { responseCode: number; message: string };

export const MAIL_USER = { user: 'tenantry', password: 'mail-pass%word' };

type TlsIdentity = { key: Buffer; cert: Buffer };

/** A real SMTP server on loopback, which requires a password and stores accepted mails. */
export class MailServer {
  readonly received: Received[] = [];
  /** Called for each mail; may wait. */
  reply: (mail: Received) => Promise<SmtpReply | void> | SmtpReply | void = () => undefined;
  /** Called for each recipient, before the message is sent. */
  replyToRecipient: (to: string) => Promise<SmtpReply | void> | SmtpReply | void = () => undefined;
  private readonly server: SMTPServer;

  private constructor(private readonly tls: TlsIdentity | null) {
    this.server = new SMTPServer({ ...this.options(), ...(tls && { ...tls, secure: true }) });
  }

  /**
   * @param port any free one if 0
   * @param tls encrypted from the start with this certificate; null: without encryption
   */
  static async start(port = 0, tls: TlsIdentity | null = null): Promise<MailServer> {
    const mail = new MailServer(tls);
    mail.server.on('error', () => undefined); // a client that was killed
    mail.server.listen(port, '127.0.0.1');
    await once(mail.server.server, 'listening');
    return mail;
  }

  get port(): number {
    return (this.server.server.address() as { port: number }).port;
  }

  /** The settings with the password, as an operator sets them. */
  get environment(): Record<string, string> {
    const { user, password } = MAIL_USER;
    return {
      SMTP_URL: `${this.tls ? 'smtps' : 'smtp'}://${user}:${encodeURIComponent(password)}@127.0.0.1:${this.port}`,
      MAIL_FROM: 'Tenantry <mail@tenantry.test>',
    };
  }

  /** The mails to one address, once there are that many. */
  async mailsTo(address: string, count = 1): Promise<Received[]> {
    await until(() => this.to(address).length >= count, 30);
    return this.to(address);
  }

  to = (address: string) => this.received.filter((mail) => mail.to === address);

  stop = () => new Promise<void>((resolve) => this.server.close(resolve));

  private options(): SMTPServerOptions {
    return {
      hideSTARTTLS: true,
      allowInsecureAuth: true,
      closeTimeout: 100,
      onAuth: ({ username, password }, _session, done) =>
        username === MAIL_USER.user && password === MAIL_USER.password
          ? done(null, { user: username })
          : done(new Error('wrong password')),
      onRcptTo: ({ address }, _session, done) =>
        void this.respond(done, async () => this.replyToRecipient(address)),
      onData: (stream, { envelope }, done) => void this.respond(done, () => this.read(stream, envelope)),
    };
  }

  /** A client that disconnects during the transfer is a failure like any other. */
  private async respond(
    done: (error?: Error | null) => void,
    work: () => Promise<SmtpReply | void>,
  ): Promise<void> {
    try {
      done(failure(await work()));
    } catch (error) {
      done(error as Error);
    }
  }

  private async read(
    stream: NodeJS.ReadableStream,
    { mailFrom, rcptTo }: { mailFrom: false | { address: string }; rcptTo: { address: string }[] },
  ): Promise<SmtpReply | void> {
    const from = mailFrom ? mailFrom.address : '';
    const mail = { from, to: rcptTo.map(({ address }) => address).join(), raw: await text(stream) };
    const reply = await this.reply(mail);
    if (!reply) this.received.push(mail);
    return reply;
  }
}

const failure = (reply: SmtpReply | void) =>
  reply ? Object.assign(new Error(reply.message), { responseCode: reply.responseCode }) : undefined;

/** The decoded part of a mail, from quoted-printable or plain text. */
export function partOf({ raw }: Received, type: 'text/plain' | 'text/html'): string {
  const [, boundary] = /boundary="(.+)"/.exec(raw) ?? []; // a folded line of text may begin with dashes, too
  const part = raw.split(`\r\n--${boundary}`).find((one) => one.includes(`Content-Type: ${type}`)) ?? '';
  const body = part.slice(part.indexOf('\r\n\r\n') + 4);
  if (!/quoted-printable/i.test(part)) return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
