import { escaped } from '../../../common/http/html.js';

/** What the mail of an invitation tells. Names are as people chose them. */
export type InvitationLetter = {
  email: string;
  fullName: string | null;
  /** Null: a key invited. */
  inviter: string | null;
  orgName: string;
  workspaceNames: readonly string[];
  expiresAt: Date | null;
};

type Written = { subject: string; text: string; html: string };

/**
 * Says who invites, to what and until when, and where to sign in. There is no secret in it: an invitation is matched by
 * the address of who signs in, so a forwarded mail lets nobody in.
 */
export function writeLetter(letter: InvitationLetter, link: string | null): Written {
  const org = oneLine(letter.orgName);
  const invites = letter.inviter ? `${oneLine(letter.inviter)} invites you` : 'You are invited';
  const words = {
    subject: `${invites} to ${org}`,
    greeting: letter.fullName ? `Hello ${oneLine(letter.fullName)},` : 'Hello,',
    offer: `${invites} to join ${org}${toWorkspaces(letter.workspaceNames)}.`,
    signIn: `Sign in as ${letter.email} to accept.`,
    until: letter.expiresAt && `You can accept until ${DATE.format(letter.expiresAt)} (UTC).`,
    unexpected: 'If you did not expect this, ignore it: nothing happens unless you accept.',
  };
  return { subject: words.subject, text: plain(words, link), html: styled(words, link) };
}

type Words = {
  subject: string;
  greeting: string;
  offer: string;
  signIn: string;
  until: string | null;
  unexpected: string;
};

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
const LONGEST_NAME = 100;
const MOST_NAMED = 10;

/** A name stays a name: no line of its own in the text, no letter of advertisement in the subject. */
function oneLine(name: string): string {
  const line = name.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME)}…` : line;
}

function toWorkspaces(names: readonly string[]): string {
  if (names.length === 0) return '';
  const named = names.slice(0, MOST_NAMED).map(oneLine);
  const unnamed = names.length - named.length;
  const all = [...named, ...(unnamed > 0 ? [`${unnamed} more`] : [])];
  return `, with the ${names.length === 1 ? 'workspace' : 'workspaces'} ${LIST.format(all)}`;
}

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });

function plain({ greeting, offer, signIn, until, unexpected }: Words, link: string | null): string {
  const act = link ? `${signIn}\n${link}` : signIn;
  return [greeting, offer, act, until, unexpected].filter(Boolean).join('\n\n') + '\n';
}

/** Tables and inline styles are what all mail clients draw; nothing is fetched. */
function styled(words: Words, link: string | null): string {
  const { greeting, offer, signIn, until, unexpected } = words;
  const button = link
    ? `<p style="margin:24px 0"><a href="${escaped(link)}" style="${BUTTON}">Sign in to accept</a></p>${paragraph(link, SMALL)}`
    : '';
  const parts = [greeting, offer, signIn].map((line) => paragraph(line)).join('');
  const ends = [until, unexpected].map((line) => (line ? paragraph(line, SMALL) : '')).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escaped(words.subject)}</title></head>
<body style="margin:0;padding:24px;${FONT}">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0"><tr><td align="center">
<table role="presentation" cellspacing="0" cellpadding="0" style="width:100%;max-width:560px"><tr><td align="left">
${parts}${button}${ends}
</td></tr></table></td></tr></table></body></html>
`;
}

const FONT = 'font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const SMALL = 'font-size:14px;opacity:.75;overflow-wrap:anywhere';
const BUTTON =
  'display:inline-block;padding:12px 24px;border-radius:6px;background:#1c5d50;color:#ffffff;font-weight:600;text-decoration:none';

const paragraph = (line: string, style = '') => `<p style="margin:0 0 16px;${style}">${escaped(line)}</p>`;
