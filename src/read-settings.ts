import type { Config } from './config/config.js';
import { loadConfig } from './config/load-config.js';
import { InvalidEnvironment } from './config/environment.errors.js';
import { type LoadSecrets, UnusableSecretsFile } from './config/secrets-file.js';
import { hasEmbeddedBinaries } from './database/embedded/binaries.js';

/** The settings of this process. If they are invalid, prints every problem and exits with code 1. */
export function readSettings(secretsIn?: LoadSecrets): Config {
  try {
    return loadConfig(process.env, secretsIn, { hasEmbeddedPostgres: hasEmbeddedBinaries() });
  } catch (error) {
    if (!(error instanceof InvalidEnvironment || error instanceof UnusableSecretsFile)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
