import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Mustache from 'mustache';
import { PROJECT_FOLDER } from '../version.js';
import { InvalidMailTemplates } from './errors.js';
import {
  COMMON_PLACEHOLDERS,
  LAYOUT_PLACEHOLDERS,
  LISTS,
  type MailKind,
  PLACEHOLDERS,
  type PlaceholdersOfLists,
} from './mail-placeholders.js';

/** Mails that folders of templates may lack, since they were made for earlier releases. */
const OPTIONAL: readonly MailKind[] = [
  'expiry',
  'access-end',
  'webhook',
  'access-request',
  'access-decision',
];

const MAIL_KINDS = Object.keys(PLACEHOLDERS) as MailKind[];

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
      const { code, message } = error as NodeJS.ErrnoException;
      this.problems.push(`${file}: ${code === 'ENOENT' ? 'is missing' : message}`);
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
