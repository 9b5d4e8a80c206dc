import { describe, expect, it } from '@jest/globals';
import { type InvitationEmail, renderInvitationEmail } from './invitation-email.js';

const EMAIL: InvitationEmail = {
  email: 'grace@example.com',
  fullName: null,
  inviter: 'Ada Lovelace',
  orgName: 'Acme',
  workspaceNames: ['Research', 'Operations'],
  expiresAt: new Date('2026-12-03T10:00:00Z'),
};
const LINK = 'https://tenantry.example.com';

describe('renderInvitationEmail', () => {
  it('names the inviter, the organization, the workspaces, the expiry and the sign-in link', () => {
    expect(renderInvitationEmail(EMAIL, LINK)).toMatchObject({
      subject: 'Ada Lovelace invites you to Acme',
      text: `Hello,

Ada Lovelace invites you to join Acme, with the workspaces Research and Operations.

Sign in as grace@example.com to accept.
https://tenantry.example.com

You can accept until 3 December 2026 at 10:00 (UTC).

If you did not expect this, ignore it: nothing happens unless you accept.
`,
    });
  });

  it('greets the user by name and omits an absent inviter, expiry, workspace list and link', () => {
    const email = {
      ...EMAIL,
      fullName: 'Grace Hopper',
      inviter: null,
      expiresAt: null,
      workspaceNames: [],
    };

    expect(renderInvitationEmail(email, null)).toMatchObject({
      subject: 'You are invited to Acme',
      text: `Hello Grace Hopper,

You are invited to join Acme.

Sign in as grace@example.com to accept.

If you did not expect this, ignore it: nothing happens unless you accept.
`,
    });
  });

  it('renders the same text in HTML with a link button and no remote content', () => {
    const { text, html } = renderInvitationEmail(EMAIL, LINK);

    for (const line of text.split('\n').filter(Boolean)) expect(html).toContain(line);
    expect(html).toContain(`<a href="${LINK}"`);
    expect(html).not.toMatch(/src=|url\(|@import|<link|<script/);
  });

  it('escapes names and removes their line breaks', () => {
    const name = '<b>"You"</b> & \r\nBcc: all@example.com\u202e';
    const { subject, text, html } = renderInvitationEmail(
      { ...EMAIL, inviter: name, orgName: name, workspaceNames: [name], fullName: name },
      LINK,
    );

    expect(subject).toBe(
      '<b>"You"</b> & Bcc: all@example.com invites you to <b>"You"</b> & Bcc: all@example.com',
    );
    expect(text).toContain('Hello <b>"You"</b> & Bcc: all@example.com,\n');
    expect(html).not.toMatch(/<b>|& /);
  });

  it('truncates long names and summarizes a long list of workspaces', () => {
    const names = Array.from({ length: 12 }, (_, n) => `Team ${n + 1}`);
    const { subject, text } = renderInvitationEmail(
      { ...EMAIL, inviter: 'x'.repeat(5000), workspaceNames: names },
      LINK,
    );

    expect(subject.length).toBeLessThan(150);
    expect(text).toContain('Team 9, Team 10 and 2 more.');
  });
});
