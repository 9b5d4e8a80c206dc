import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadMailTemplates, SHIPPED_TEMPLATES } from './mail-templates.js';
import { InvalidMailTemplates } from './errors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-mail-'));
  cpSync(SHIPPED_TEMPLATES, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, content: string) => writeFileSync(join(folder, file), content);

function problems(): readonly string[] {
  try {
    loadMailTemplates(folder);
    return [];
  } catch (error) {
    if (error instanceof InvalidMailTemplates) return error.problems;
    throw error;
  }
}

describe('loadMailTemplates', () => {
  it('accepts the shipped templates, in English and German', () => {
    expect(Object.keys(loadMailTemplates(SHIPPED_TEMPLATES).languages).toSorted()).toEqual(['de', 'en']);
  });

  it('accepts further languages, and ignores hidden folders of a Kubernetes mount', () => {
    cpSync(join(folder, 'en'), join(folder, 'pt-BR'), { recursive: true });
    mkdirSync(join(folder, '..data'));

    expect(Object.keys(loadMailTemplates(folder).languages)).toContain('pt-BR');
  });

  it('takes shipped texts of mails that a folder of an earlier release lacks, and half of one for a mistake', () => {
    cpSync(join(folder, 'en'), join(folder, 'fr'), { recursive: true });
    for (const language of ['en', 'de', 'fr'])
      for (const type of ['txt', 'html']) rmSync(join(folder, language, `expiry.${type}`));

    const { languages } = loadMailTemplates(folder);

    const shipped = loadMailTemplates(SHIPPED_TEMPLATES).languages;
    expect(languages['de']?.expiry).toEqual(shipped['de']?.expiry);
    expect(languages['fr']?.expiry).toEqual(shipped['en']?.expiry);
    write('fr/expiry.txt', 'Subject: Bientôt\n\n{{#credentials}}{{short_key}}{{/credentials}}\n');
    expect(problems()).toEqual(['fr/expiry.html: is missing']);
  });

  it('reports everything that is wrong at once', () => {
    rmSync(join(folder, 'de/confirmation.html'));
    write('en/invitation.html', '<p>{{organisation}}</p>');
    write('en/confirmation.txt', 'Hello {{email}}');

    expect(problems()).toEqual([
      expect.stringMatching(/^de\/confirmation\.html: is missing$/),
      expect.stringContaining('en/invitation.html: {{organisation}} is unknown; known are '),
      'en/confirmation.txt: must begin with a line "Subject: …" and an empty line',
    ]);
    expect(problems()[1]).toMatch(/\borganization\b/);
  });

  it.each([
    ['{{{organization}}}', 'would not be escaped'],
    ['{{&organization}}', 'would not be escaped'],
    ['{{> other}}', 'is not supported'],
    ['{{=<% %>=}}', 'is not supported'],
    ['{{#name}}Hello', 'Unclosed section'],
    ['{{name', 'Unclosed tag'],
    ['{{content}}', 'is unknown'],
    ['{{#link}}{{subject}}{{/link}}', '{{subject}} is unknown'],
  ])('refuses %s in an invitation', (template, problem) => {
    write('en/invitation.html', template);

    expect(problems()).toEqual([expect.stringContaining(problem)]);
  });

  it('refuses a layout that would escape the HTML of the mail', () => {
    write('layout.html', '<html>{{content}}</html>');

    expect(problems()).toEqual([expect.stringContaining('needs three braces')]);
  });

  it('refuses a folder that does not exist, or whose folders are no languages', () => {
    mkdirSync(join(folder, 'english'));
    expect(problems()).toEqual(['english: is no language, such as en or pt-BR']);

    rmSync(folder, { recursive: true });
    expect(problems()).toEqual(['layout.html: is missing', 'has no folder of a language, such as en']);
    mkdirSync(folder);
  });
});
