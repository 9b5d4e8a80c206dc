import Mustache from 'mustache';
import { escapeHtml } from '../http/html.js';
import type { MailKind, MailValues } from './mail-placeholders.js';
import type { MailTemplates } from './mail-templates.js';

type MailAppearance = {
  readonly templates: MailTemplates;
  readonly productName: string;
  /** Null: the name is shown. */
  readonly logoUrl: string | null;
  /** As `#rrggbb`. */
  readonly accentColor: string;
  readonly backgroundColor: string;
  /** For organizations that have not chosen one; a language of the templates. */
  readonly language: string;
};

export type RenderedMail = { subject: string; text: string; html: string };

/** Renders mails from the templates of the installation. */
export class MailTexts {
  constructor(private readonly appearance: MailAppearance) {}

  get languages(): string[] {
    return Object.keys(this.appearance.templates.languages);
  }

  /**
   * In the language of the organization, or of the installation if it is null or has no templates.
   * All values are escaped in HTML, and lose line breaks and control characters, which could forge lines or headers.
   */
  render<Kind extends MailKind>(
    kind: Kind,
    chosen: string | null,
    valuesIn: (language: string) => MailValues<Kind>,
  ): RenderedMail {
    const { templates } = this.appearance;
    const language = chosen !== null && chosen in templates.languages ? chosen : this.appearance.language;
    const mail = templates.languages[language]?.[kind];
    if (!mail) throw new RangeError(`there are no templates in ${language}`);
    const values = { ...this.common(language), ...onOneLine(valuesIn(language)) };
    const subject = plain(mail.subject, values).trim();
    const content = html(mail.html, values);
    return {
      subject,
      text: plain(mail.text, values),
      html: html(templates.layout, { ...values, subject, content }),
    };
  }

  private common(language: string) {
    const { productName, logoUrl, accentColor, backgroundColor } = this.appearance;
    return {
      language,
      product: productName,
      logo_url: logoUrl,
      accent_color: accentColor,
      accent_text_color: readableOn(accentColor),
      background_color: backgroundColor,
    };
  }
}

const plain = (template: string, values: object) =>
  Mustache.render(template, values, undefined, { escape: String });
const html = (template: string, values: object) =>
  Mustache.render(template, values, undefined, { escape: (value: unknown) => escapeHtml(String(value)) });

type Value = string | null | readonly Readonly<Record<string, string | null>>[];

const onOneLine = (values: Readonly<Record<string, Value>>): object =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? value.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
        : value && value.map((item) => onOneLine(item)),
    ]),
  );

/** Black or white, whichever has more contrast (WCAG 2.2, relative luminance). */
export function readableOn(color: string): '#ffffff' | '#000000' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(parseInt(color.slice(at, at + 2), 16) / 255),
  );
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000';
}

const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

const MAX_NAME_LENGTH = 100;

export const truncated = (name: string): string =>
  name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;

/** What mail programs turn into a link: an address with a scheme, a domain, or an IPv4 address. */
const SITE = /:\/\/|www\.|[\p{L}\p{M}\p{N}-][.。]\p{M}*(?:xn--|\p{L}\p{M}*\p{L})|\d\.\d+\.\d+\.\d/iu;

/** A name as mails show it: whoever chooses it must not send links in the name of the installation. */
export const shownName = (name: string): string =>
  truncated(name.replace(/\S+/g, (word) => (SITE.test(word.normalize('NFKC')) ? '…' : word)));

export const dateIn = (language: string) =>
  new Intl.DateTimeFormat(regional(language), { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** `en` alone would write dates as in the United States. */
export const regional = (language: string) => (language === 'en' ? 'en-GB' : language);
