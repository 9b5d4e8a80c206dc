import type { Config } from './config/config.js';
import { loadConfig } from './config/load-config.js';
import { InvalidEnvironment } from './config/environment.errors.js';
import { type LoadSecrets, UnusableSecretsFile } from './config/secrets-file.js';
import { hasEmbeddedBinaries } from './database/embedded/binaries.js';

/** The settings of this process; where they are wrong, every problem is told and the process ends with 1. */
export function readSettings(secretsIn?: LoadSecrets): Config {
  try {
    return loadConfig(process.env, secretsIn, { hasEmbeddedPostgres: hasEmbeddedBinaries() });
  } catch (error) {
    if (!(error instanceof InvalidEnvironment || error instanceof UnusableSecretsFile)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
