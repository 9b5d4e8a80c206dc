import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Config, loadConfig } from '../config/config.js';
import { InvalidEnvironment } from '../config/environment.errors.js';
import { type LoadSecrets, UnusableSecretsFile } from '../common/secrets/secrets-file.js';
import { findInstalledPackage } from '../database/embedded/binaries.js';

/**
 * The settings of this process, which trusts their certificates from now on. If they are invalid, prints every problem
 * and exits with code 1.
 */
export function readSettings(secretsIn?: LoadSecrets): Config {
  try {
    return loadSettings(secretsIn);
  } catch (error) {
    if (!(error instanceof InvalidEnvironment || error instanceof UnusableSecretsFile)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** The same for a caller that reports the problems itself. @throws InvalidEnvironment or UnusableSecretsFile */
export function loadSettings(secretsIn?: LoadSecrets): Config {
  const config = loadConfig(process.env, secretsIn, { hasEmbeddedPostgres: findInstalledPackage() !== null });
  if (config.trustedCertificatesFile !== null) trustCertificates(config.trustedCertificatesFile);
  return config;
}

/** Node reads `SSL_CERT_FILE` only with a flag. For connections to the database, the identity provider and SMTP. */
function trustCertificates(file: string): void {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(file, 'utf8')]);
}
