/** The mails that are sent, with the placeholders that their templates may use. */
export const PLACEHOLDERS = {
  invitation: [
    'email',
    'name',
    'inviter',
    'organization',
    'link',
    'password_link', // to accept by setting a password; null for who has one
    'hours', // how long that link works
    'expires_at',
    'one_workspace', // the name of the only workspace, or else
    'workspaces', // a list of names
    'more_workspaces', // how many the list leaves out
  ],
  confirmation: ['email', 'link', 'hours'],
  password: ['email', 'name', 'link', 'hours'],
  account: ['email', 'name', 'organization', 'link', 'hours'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type MailKind = keyof typeof PLACEHOLDERS;
export const MAIL_KINDS = Object.keys(PLACEHOLDERS) as MailKind[];

/** In every template. */
export const COMMON_PLACEHOLDERS = [
  'language',
  'product',
  'logo_url',
  'accent_color',
  'accent_text_color',
  'background_color',
] as const;

/** In `layout.html` only; `content` is the HTML of the mail. */
export const LAYOUT_PLACEHOLDERS = ['subject', 'content'] as const;

/** A value for each placeholder; null for one that a section (`{{#name}}…{{/name}}`) leaves out. */
export type MailValues<Kind extends MailKind> = Readonly<
  Record<(typeof PLACEHOLDERS)[Kind][number], string | null>
>;
