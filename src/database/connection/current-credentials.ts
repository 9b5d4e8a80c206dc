import { Logger } from '@nestjs/common';
import type { ClientConfig } from 'pg';
import { parse } from 'pg-connection-string';
import type { Config } from '../../config/config.js';

/** What stays as it was when the process started. */
const TARGET = ['host', 'port', 'user', 'database'] as const;

/**
 * What new connections sign in with. Passwords and certificates are read again for each, so that they can be rotated
 * without a restart (docs/postgresql.md#passwords-that-change).
 */
export class CurrentCredentials {
  private readonly log = new Logger('Database');
  private readonly lastByUrl = new Map<string, ClientConfig>();
  private reported = '';

  constructor(private readonly readUrls: Config['database']['readUrls']) {}

  /** The options of pg in the URL and its files as they are now, or as they could last be read. */
  optionsOf(url: string): ClientConfig {
    try {
      const options = this.read(url);
      this.lastByUrl.set(url, options);
      this.reported = '';
      return options;
    } catch (error) {
      this.report((error as Error).message);
      return this.lastByUrl.get(url) ?? optionsIn(url);
    }
  }

  private read(url: string): ClientConfig {
    const options = optionsIn(url);
    const { url: current, directUrl } = this.readUrls();
    const now = [current, directUrl]
      .flatMap((each) => (each === null ? [] : [optionsIn(each)]))
      .find((each) => TARGET.every((name) => each[name] === options[name]));
    if (!now) throw new Error('the URL has another host, user or database now, which needs a restart');
    return { ...options, password: now.password };
  }

  private report(problem: string): void {
    if (problem === this.reported) return;
    this.reported = problem;
    this.log.warn(
      `New connections keep the password and certificates that could be read last: ${problem.replace(/\n\s*/g, ' ')}`,
    );
  }
}

/** As pg reads a URL, with the content of the files that it names. */
const optionsIn = (url: string) => parse(url) as ClientConfig;
