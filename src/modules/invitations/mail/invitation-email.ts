import { escapeHtml } from '../../../common/http/html.js';

/** The content of an invitation e-mail. Names are not sanitized. */
export type InvitationEmail = {
  email: string;
  fullName: string | null;
  /** Null if an API key created the invitation. */
  inviter: string | null;
  orgName: string;
  workspaceNames: readonly string[];
  expiresAt: Date | null;
};

type RenderedEmail = { subject: string; text: string; html: string };

/**
 * Contains no secret: an invitation is matched by the address of the signed-in user, so a forwarded e-mail gives no
 * access.
 */
export function renderInvitationEmail(email: InvitationEmail, link: string | null): RenderedEmail {
  const org = oneLine(email.orgName);
  const invites = email.inviter ? `${oneLine(email.inviter)} invites you` : 'You are invited';
  const texts = {
    subject: `${invites} to ${org}`,
    greeting: email.fullName ? `Hello ${oneLine(email.fullName)},` : 'Hello,',
    offer: `${invites} to join ${org}${toWorkspaces(email.workspaceNames)}.`,
    signIn: `Sign in as ${email.email} to accept.`,
    until: email.expiresAt && `You can accept until ${DATE.format(email.expiresAt)} (UTC).`,
    unexpected: 'If you did not expect this, ignore it: nothing happens unless you accept.',
  };
  return { subject: texts.subject, text: renderText(texts, link), html: renderHtml(texts, link) };
}

type EmailTexts = {
  subject: string;
  greeting: string;
  offer: string;
  signIn: string;
  until: string | null;
  unexpected: string;
};

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
const MAX_NAME_LENGTH = 100;
const MAX_NAMED_WORKSPACES = 10;

/** Removes line breaks and control characters, which could forge lines or headers, and limits the length. */
function oneLine(name: string): string {
  const line = name.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length > MAX_NAME_LENGTH ? `${line.slice(0, MAX_NAME_LENGTH)}…` : line;
}

function toWorkspaces(names: readonly string[]): string {
  if (names.length === 0) return '';
  const named = names.slice(0, MAX_NAMED_WORKSPACES).map(oneLine);
  const unnamed = names.length - named.length;
  const all = [...named, ...(unnamed > 0 ? [`${unnamed} more`] : [])];
  return `, with the ${names.length === 1 ? 'workspace' : 'workspaces'} ${LIST.format(all)}`;
}

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });

function renderText({ greeting, offer, signIn, until, unexpected }: EmailTexts, link: string | null): string {
  const action = link ? `${signIn}\n${link}` : signIn;
  return [greeting, offer, action, until, unexpected].filter(Boolean).join('\n\n') + '\n';
}

/** Uses tables and inline styles, which all mail clients render; loads no remote content. */
function renderHtml(texts: EmailTexts, link: string | null): string {
  const { greeting, offer, signIn, until, unexpected } = texts;
  const button = link
    ? `<p style="margin:24px 0"><a href="${escapeHtml(link)}" style="${BUTTON}">Sign in to accept</a></p>${paragraph(link, SMALL)}`
    : '';
  const parts = [greeting, offer, signIn].map((line) => paragraph(line)).join('');
  const ends = [until, unexpected].map((line) => (line ? paragraph(line, SMALL) : '')).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(texts.subject)}</title></head>
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

const paragraph = (line: string, style = '') => `<p style="margin:0 0 16px;${style}">${escapeHtml(line)}</p>`;
