import { statSync } from 'node:fs';
import { join } from 'node:path';
import { UnusableSecretsFile } from '../../../common/secrets/secrets-file.js';
import type { Config } from '../../../config/config.js';
import { InvalidEnvironment } from '../../../config/environment.errors.js';
import { found, foundIf, ok, type Result } from './problems.js';

/** `config` is null if the settings are invalid. `failure`: why they are, or why there are no stored secrets. */
export type LoadedSettings = { readonly config: Config | null; readonly failure: unknown };

export function checkSettings({ config, failure }: LoadedSettings): Result[] {
  if (failure instanceof InvalidEnvironment)
    return failure.problems.map(({ variables, message }) =>
      found('setting_invalid', `${variables.join(' and ')}: ${message}`),
    );
  if (config === null) return [found('not_checked', 'The settings need the secrets file.')];
  const unknown = config.warnings.filter(({ kind }) => kind === 'unknown_setting');
  return [ok('All settings are valid.'), ...unknown.map(({ message }) => found('unknown_setting', message))];
}

export function checkSecrets({ config, failure }: LoadedSettings): Result[] {
  const isUnusable = failure instanceof UnusableSecretsFile;
  const short = config?.warnings.filter(({ kind }) => kind === 'short_secret') ?? [];
  const problems = [
    ...foundIf(isUnusable, 'secrets_unusable', isUnusable ? failure.message : ''),
    ...short.map(({ message }) => found('short_secret', `${message}.`)),
    ...filesWithSecrets(config)
      .filter(isReadableByOthers)
      .map((path) => found('secret_file_readable', `Every user of this machine can read ${path}.`)),
  ];
  return problems.length > 0 ? problems : [ok('Long enough, and in no file that others can read.')];
}

const filesWithSecrets = (config: Config | null): string[] => [
  '.env',
  ...(config === null ? [] : [join(config.database.dataDirectory, 'secrets.json'), ...config.secretFiles]),
];

const OTHERS = 0o004;

function isReadableByOthers(path: string): boolean {
  if (process.platform === 'win32') return false; // which has no such mode
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & OTHERS) !== 0;
}
