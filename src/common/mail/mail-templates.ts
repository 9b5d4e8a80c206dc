import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Mustache from 'mustache';
import { PROJECT_FOLDER } from '../version.js';
import { InvalidMailTemplates } from './errors.js';

/** The mails that are sent, with the placeholders that their templates may use. */
const PLACEHOLDERS = {
  invitation: [
    'email',
    'name',
    'inviter',
    'organization',
    'link',
    'password_link', // to accept by setting a password; null for users who have one
    'hours', // how long that link works
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

type PlaceholdersOfLists = Readonly<Record<string, readonly string[]>>;

/** Lists of a mail, with the placeholders in a section of one (`{{#credentials}}…{{/credentials}}`). */
const LISTS = {
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

/** Mails that folders of templates may lack, since they were made for earlier releases. */
const OPTIONAL: readonly MailKind[] = [
  'expiry',
  'access-end',
  'webhook',
  'access-request',
  'access-decision',
];

const MAIL_KINDS = Object.keys(PLACEHOLDERS) as MailKind[];

const COMMON_PLACEHOLDERS = [
  'language',
  'product',
  'logo_url',
  'accent_color',
  'accent_text_color',
  'background_color',
] as const;

/** In `layout.html` only; `content` is the HTML of the mail. */
const LAYOUT_PLACEHOLDERS = ['subject', 'content'] as const;

type Values<Placeholders extends readonly string[]> = Readonly<Record<Placeholders[number], string | null>>;
type Items<Placeholders> = Placeholders extends readonly string[] ? readonly Values<Placeholders>[] : never;
type ListsOf<Kind> = Kind extends keyof typeof LISTS ? (typeof LISTS)[Kind] : object;

/** A value for each placeholder; null for one that a section (`{{#name}}…{{/name}}`) leaves out. */
export type MailValues<Kind extends MailKind> = Values<(typeof PLACEHOLDERS)[Kind]> & {
  readonly [List in keyof ListsOf<Kind>]: Items<ListsOf<Kind>[List]>;
};

type MailTemplate = { readonly subject: string; readonly text: string; readonly html: string };

export type MailTemplates = {
  /** The frame of every HTML text. */
  readonly layout: string;
  /** By language tag, such as `en`. */
  readonly languages: Readonly<Record<string, Readonly<Record<MailKind, MailTemplate>>>>;
};

/** The templates of the repository, in English and German. */
export const SHIPPED_TEMPLATES = join(PROJECT_FOLDER, 'mail-templates');

const LANGUAGE = /^[a-z]{2,3}(-[A-Z]{2})?$/; // BCP 47: language and region
const SUBJECT = /^Subject: *(?<subject>\S.*)\r?\n\s*\n(?<text>[^]*)$/;

/**
 * Reads `layout.html`, and `<mail>.txt` and `<mail>.html` of each language from a folder
 * (docs/operations.md#texts-of-mails).
 *
 * @throws InvalidMailTemplates with everything that is wrong
 */
export function loadMailTemplates(folder: string): MailTemplates {
  const templates = new TemplateFolder(folder);
  const layout = templates.template('layout.html', LAYOUT_PLACEHOLDERS);
  const languages = templates
    .languages()
    .map((language) => [language, mailsIn(templates, language)] as const);
  templates.assertValid();
  return { layout, languages: Object.fromEntries(languages) };
}

function mailsIn(templates: TemplateFolder, language: string): Record<MailKind, MailTemplate> {
  const mails = MAIL_KINDS.map((kind) => [
    kind,
    OPTIONAL.includes(kind) && templates.lacks(language, kind)
      ? shippedMail(kind, language)
      : mailIn(templates, language, kind),
  ]);
  return Object.fromEntries(mails) as Record<MailKind, MailTemplate>;
}

function mailIn(templates: TemplateFolder, language: string, kind: MailKind): MailTemplate {
  const lists = (LISTS as Partial<Record<MailKind, PlaceholdersOfLists>>)[kind] ?? {};
  const placeholders = [...PLACEHOLDERS[kind], ...Object.keys(lists), ...Object.values(lists).flat()];
  return {
    ...templates.textWithSubject(`${language}/${kind}.txt`, placeholders),
    html: templates.template(`${language}/${kind}.html`, placeholders),
  };
}

/** In English, if it is not shipped in the language. */
function shippedMail(kind: MailKind, language: string): MailTemplate {
  const shipped = new TemplateFolder(SHIPPED_TEMPLATES);
  return mailIn(shipped, shipped.lacks(language, kind) ? 'en' : language, kind);
}

/** Collects problems, to report them all at once. */
class TemplateFolder {
  private readonly problems: string[] = [];

  constructor(private readonly folder: string) {}

  languages(): string[] {
    const names = this.folders().map(({ name }) => name);
    for (const name of names.filter((each) => !LANGUAGE.test(each)))
      this.problems.push(`${name}: is no language, such as en or pt-BR`);
    if (names.length === 0) this.problems.push('has no folder of a language, such as en');
    return names.filter((name) => LANGUAGE.test(name));
  }

  lacks(language: string, kind: MailKind): boolean {
    return ['txt', 'html'].every((type) => !existsSync(join(this.folder, language, `${kind}.${type}`)));
  }

  textWithSubject(file: string, placeholders: readonly string[]): { subject: string; text: string } {
    const content = this.template(file, placeholders);
    const parts = SUBJECT.exec(content)?.groups as { subject: string; text: string } | undefined;
    if (!parts && content !== '')
      this.problems.push(`${file}: must begin with a line "Subject: …" and an empty line`);
    return parts ?? { subject: '', text: '' };
  }

  /** Empty if it cannot be used. */
  template(file: string, placeholders: readonly string[]): string {
    try {
      const content = readFileSync(join(this.folder, file), 'utf8');
      const problems = problemsOf(content, new Set([...COMMON_PLACEHOLDERS, ...placeholders]));
      this.problems.push(...problems.map((problem) => `${file}: ${problem}`));
      return content;
    } catch (error) {
      this.problems.push(`${file}: ${isMissing(error) ? 'is missing' : (error as Error).message}`);
      return '';
    }
  }

  assertValid(): void {
    if (this.problems.length > 0) throw new InvalidMailTemplates(this.problems);
  }

  private folders(): Dirent[] {
    try {
      return readdirSync(this.folder, { withFileTypes: true }).filter(
        (entry) => entry.isDirectory() && !entry.name.startsWith('.'), // Kubernetes mounts `..data`
      );
    } catch {
      return [];
    }
  }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Of the parser: kind, name, and the tokens inside of a section. */
type Token = [kind: string, name: string, start: number, end: number, inner?: Token[]];

/** @throws Error of the parser if a tag or section is not closed */
function problemsOf(template: string, known: ReadonlySet<string>): string[] {
  return flatten(Mustache.parse(template) as Token[]).flatMap(([kind, name]) => {
    if (kind === 'text' || kind === '!') return [];
    if (!['name', '#', '^', '&'].includes(kind)) return [`{{${kind}${name}}} is not supported`];
    if (!known.has(name)) return [`{{${name}}} is unknown; known are ${[...known].join(', ')}`];
    if ((kind === '&') !== (name === 'content'))
      return name === 'content'
        ? ['{{content}} is HTML and needs three braces: {{{content}}}']
        : [`{{{${name}}}} would not be escaped; write {{${name}}}`];
    return [];
  });
}

const flatten = (tokens: readonly Token[]): Token[] =>
  tokens.flatMap((token) => [token, ...(Array.isArray(token[4]) ? flatten(token[4]) : [])]);
