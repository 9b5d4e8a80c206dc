import { describe, expect, it } from '@jest/globals';
import type { MailValues } from './mail-placeholders.js';
import { loadMailTemplates, SHIPPED_TEMPLATES } from './mail-templates.js';
import { MailTexts, readableOn, shownName } from './mail-texts.js';

const APPEARANCE = {
  templates: loadMailTemplates(SHIPPED_TEMPLATES),
  productName: 'Acme Cloud',
  logoUrl: null,
  accentColor: '#1c5d50',
  backgroundColor: '#f3f5f6',
  language: 'en',
};
const VALUES: MailValues<'invitation'> = {
  email: 'grace@example.com',
  name: null,
  inviter: 'Ada Lovelace',
  organization: 'Acme',
  link: 'https://tenantry.example.com',
  password_link: null,
  hours: null,
  expires_at: '3 December 2026 at 10:00',
  one_workspace: null,
  workspaces: 'Research and Operations',
  more_workspaces: null,
  ends: [],
};

const render = (values: Partial<typeof VALUES> = {}, language: string | null = null, appearance = {}) =>
  new MailTexts({ ...APPEARANCE, ...appearance }).render('invitation', language, () => ({
    ...VALUES,
    ...values,
  }));

describe('MailTexts', () => {
  it('renders an invitation in English', () => {
    expect(render()).toMatchObject({
      subject: 'Ada Lovelace invites you to Acme',
      text: `Hello,

Ada Lovelace invites you to join Acme on Acme Cloud, with the workspaces Research and Operations.

Sign in as grace@example.com to accept.
https://tenantry.example.com

You can accept until 3 December 2026 at 10:00 (UTC).

If you did not expect this, ignore it: nothing happens unless you accept.
`,
    });
  });

  it('renders an invitation in German, and leaves out what is absent', () => {
    const absent = {
      inviter: null,
      link: null,
      expires_at: null,
      workspaces: null,
      one_workspace: 'Research',
    };

    expect(render({ ...absent, name: 'Grace Hopper' }, 'de')).toMatchObject({
      subject: 'Einladung zu Acme',
      text: `Guten Tag, Grace Hopper!

Sie sind eingeladen, Acme auf Acme Cloud beizutreten, mit dem Workspace Research.

Melden Sie sich als grace@example.com an, um die Einladung anzunehmen.

Falls Sie diese Einladung nicht erwartet haben, ignorieren Sie sie: Ohne Ihre Annahme geschieht nichts.
`,
    });
  });

  it('uses the language of the installation for an organization whose language has no templates', () => {
    expect(render({}, 'fr').subject).toBe(render({}, 'en').subject);
    expect(render({}, null, { language: 'de' }).subject).toBe('Ada Lovelace lädt Sie ein zu Acme');
  });

  it('escapes names in HTML and removes their line breaks everywhere', () => {
    const name = '<b>"You"</b> & \r\nBcc: all@example.com\u202e';
    const { subject, text, html } = render({ inviter: name, organization: name, workspaces: name, name });

    expect(subject).toBe(
      '<b>"You"</b> & Bcc: all@example.com invites you to <b>"You"</b> & Bcc: all@example.com',
    );
    expect(text).toContain('Hello <b>"You"</b> & Bcc: all@example.com,\n');
    expect(html).not.toMatch(/<b>|& /);
  });

  it('evaluates no placeholder in a name', () => {
    expect(render({ organization: '{{email}}{{{email}}}' }).subject).toBe(
      'Ada Lovelace invites you to {{email}}{{{email}}}',
    );
  });

  it('shows the name of the product without a logo, and loads nothing from elsewhere', () => {
    const { html } = render();

    expect(html).toContain('Acme Cloud');
    expect(html).toContain('<a href="https://tenantry.example.com"');
    expect(html).not.toMatch(/src=|url\(|@import|<link|<script/);
  });

  it('shows the logo and the colors of the installation', () => {
    const logoUrl = 'https://acme.example.com/logo.png?size=2&v=1';
    const { html } = render({}, null, { logoUrl, accentColor: '#ffdd00', backgroundColor: '#eeeeee' });

    expect(html).toContain('<img src="https://acme.example.com/logo.png?size=2&#38;v=1" alt="Acme Cloud"');
    const styles = html.split('"').filter((text) => text.includes('background:#ffdd00;'));
    expect(styles).toContainEqual(expect.stringContaining('color:#000000'));
    expect(html).toContain('background:#eeeeee');
  });
});

describe('readableOn', () => {
  it.each([
    ['#1c5d50', '#ffffff'],
    ['#ffdd00', '#000000'],
    ['#000000', '#ffffff'],
    ['#ffffff', '#000000'],
  ])('returns for a background of %s the text color %s', (color, expected) => {
    expect(readableOn(color)).toBe(expected);
  });
});

it.each([
  ['Win a prize: https://prize.test/now', 'Win a prize: …'],
  ['see www.prize', 'see …'],
  ['PRIZE.Example now', '… now'],
  ['prize．test and prize。test', '… and …'],
  ['пример.рф', '…'],
  ['münchen.xn--p1ai', '…'],
  ['(prize.test/now)', '…'],
  ['10.0.0.1/now', '…'],
  ['J.R.R. Tolkien', 'J.R.R. Tolkien'],
  ['Dr. Ada Lovelace, Ph.D.', 'Dr. Ada Lovelace, Ph.D.'],
  ['Müller & Söhne v1.25', 'Müller & Söhne v1.25'],
])('shows the name %s as %s', (name, shown) => {
  expect(shownName(name)).toBe(shown);
});
