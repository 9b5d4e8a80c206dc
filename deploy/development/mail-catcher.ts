/**
 * The mail catcher of deploy/compose.yaml: accepts every mail on SMTP_PORT, delivers none, and shows the last ones on
 * HTTP_PORT, as a page and as JSON at /mails.
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

const { SMTP_PORT = '1025', HTTP_PORT = '8025' } = process.env;
const KEPT = 100;

type Mail = { readonly from: string; readonly to: string[]; readonly received: string; readonly raw: string };
const mails: Mail[] = [];

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, { envelope: { mailFrom, rcptTo } }, done) => {
    const mail = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
    void (async () => done(await keep(mail, stream)))();
  },
});

/** Null once the mail is kept, as the library wants to be told. */
async function keep(mail: Pick<Mail, 'from' | 'to'>, stream: NodeJS.ReadableStream): Promise<Error | null> {
  try {
    const raw = await text(stream);
    mails.unshift({ ...mail, received: new Date().toISOString(), raw });
    mails.length = Math.min(mails.length, KEPT);
    console.log(`mail to ${mail.to.join(', ')}: ${subjectOf(raw)}`);
    return null;
  } catch (error) {
    return error as Error; // the client disconnected
  }
}

const http = createServer(({ url }, response) => {
  const isJson = url === '/mails';
  response.setHeader('content-type', isJson ? 'application/json' : 'text/html; charset=utf-8');
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
  response.end(isJson ? JSON.stringify(mails) : page());
});

function page(): string {
  const items = mails.map(({ to, received, raw }) => {
    const summary = `${received} ${to.join(', ')}: ${subjectOf(raw)}`;
    return `<details><summary>${escape(summary)}</summary><pre>${escape(decode(raw))}</pre></details>`;
  });
  const style = '<style>body{font-family:sans-serif;margin:2rem}pre{white-space:pre-wrap}</style>';
  return `<!doctype html><title>Mails</title>${style}<h1>${mails.length} mails</h1>${items.join('')}`;
}

const subjectOf = (raw: string): string => /^Subject: (.*(?:\r\n[ \t].*)*)/im.exec(raw)?.[1] ?? '';

/** Quoted-printable (RFC 2045, section 6.7), the encoding of the server's mails. */
function decode(raw: string): string {
  const bytes = raw
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const escape = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

smtp.listen(Number(SMTP_PORT), '0.0.0.0');
http.listen(Number(HTTP_PORT), '0.0.0.0', () => console.log(`Mails: http://localhost:${HTTP_PORT}`));
process.once('SIGTERM', () => process.exit(0));
