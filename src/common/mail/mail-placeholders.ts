/** The mails that are sent, with the placeholders that their templates may use. */
export const PLACEHOLDERS = {
  invitation: [
    'email',
    'name',
    'inviter',
    'organization',
    'link',
    'password_link', // to accept by setting a password; null for users who have an account
    'hours', // until `expires_at`; for templates made for releases whose links ended earlier
    'expires_at',
    'one_workspace', // the name of the only workspace, or else
    'workspaces', // a list of names
    'more_workspaces', // how many the list leaves out
  ],
  confirmation: ['email', 'link', 'hours'],
  password: ['email', 'name', 'link', 'hours'],
  account: ['email', 'name', 'organization', 'link', 'hours'],
  expiry: [
    'email',
    'name',
    'organization',
    'more_credentials', // how many the list leaves out
  ],
  'access-end': [
    'email',
    'name',
    'organization',
    'more_ends', // how many the list leaves out
  ],
  webhook: [
    'email',
    'name',
    'organization',
    'host', // of its address
    'description',
    'gone', // whether the receiver said so; null: its attempts failed
    'link', // of the page of the console
  ],
  'access-request': [
    'email',
    'name',
    'organization',
    'requester',
    'workspace', // with the role there; null for a user group
    'role',
    'group', // null for a workspace
    'link', // of the page of the console
  ],
  'access-decision': [
    'email',
    'name',
    'organization',
    'approved', // null: declined
    'workspace', // with the role that was given or refused there; null for a user group
    'role',
    'group', // null for a workspace
    'link', // of the page of the console
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type MailKind = keyof typeof PLACEHOLDERS;

export type PlaceholdersOfLists = Readonly<Record<string, readonly string[]>>;

/** Lists of a mail, with the placeholders in a section of one (`{{#credentials}}…{{/credentials}}`). */
export const LISTS = {
  invitation: {
    ends: [
      'workspace', // null: of the access to the organization, with everything in it
      'ends_at',
    ],
  },
  expiry: {
    credentials: [
      'personal_access_token', // which of these three it is
      'service_key',
      'scim_token',
      'description',
      'short_key',
      'expires_at',
      'link', // of the page of the console to replace it
    ],
  },
  'access-end': {
    ends: [
      'person', // the address; null: the recipient, or with `group` and `role` the group itself
      'group', // a user group: that it is in, or whose role it is
      'workspace', // null: of the organization
      'role', // null: the membership in the group
      'next_role', // from the end on; null: the membership ends
      'ends_at',
      'link', // of the page of the console to move the end
    ],
  },
} as const satisfies Partial<Record<MailKind, PlaceholdersOfLists>>;

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

type Values<Placeholders extends readonly string[]> = Readonly<Record<Placeholders[number], string | null>>;
type Items<Placeholders> = Placeholders extends readonly string[] ? readonly Values<Placeholders>[] : never;
type ListsOf<Kind> = Kind extends keyof typeof LISTS ? (typeof LISTS)[Kind] : object;

/** A value for each placeholder; null for one that a section (`{{#name}}…{{/name}}`) leaves out. */
export type MailValues<Kind extends MailKind> = Values<(typeof PLACEHOLDERS)[Kind]> & {
  readonly [List in keyof ListsOf<Kind>]: Items<ListsOf<Kind>[List]>;
};
