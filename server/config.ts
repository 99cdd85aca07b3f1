import { existsSync } from 'node:fs';
import type { RateLimits } from './mentions/limit-pings.ts';
import { type Rate, readRates } from './mentions/limits.ts';
import { WEB_PORTS } from './net/public-address.ts';
import {
  LOG_LEVELS,
  type Role,
  readAliases,
  readBaseUrl,
  readContact,
  readHost,
  readLevel,
  readMongodbUri,
  readName,
  readPairs,
  readPort,
  readPorts,
  readQueue,
  readRole,
  readSwitch,
} from './settings.ts';
import { readTrustProxy, type TrustProxy } from './web/sender.ts';

/** Everything that can be set from outside, checked and typed. */
export interface Config {
  port: number;
  host: string;
  /** Null: `http://localhost:PORT`, with the port that was really got. */
  baseUrl: string | null;
  /** Other addresses this hub is linked under: each in the form of `BASE_URL`. */
  baseUrlAliases: readonly string[];
  siteName: string;
  contact: string | null;
  dataDir: string;
  /** Null: everything is kept in SQLite, in `dataDir`. */
  mongodbUri: string | null;
  /** What this process does; anything but `all` needs a database that processes can share. */
  role: Role;
  /** Exact `host:port` pairs the verifier may fetch although they are not public. */
  fetchAllow: ReadonlySet<string>;
  /** The ports on which anything else may be fetched. */
  fetchPorts: ReadonlySet<number>;
  /** Whether a site that is looked at is told who sent the ping. */
  fetchNameSender: boolean;
  trustProxy: TrustProxy;
  /** Null: the doors have no limits. */
  rateLimits: RateLimits | null;
  logLevel: string;
  metricsToken: string | null;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** EX_CONFIG of sysexits.h. */
export const EXIT_CONFIG = 78;

const RATES_EXPECTED =
  'how many in how many seconds (at most a day), such as 30/60 or 30/60,300/86400, or off';

/** All faults of the settings, one sentence each, so that they can be mended in one go. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/**
 * The settings of this process: its environment, and a `.env` file in the working folder for what the
 * environment does not say. A fault ends the process with exit code 78 before anything is opened.
 */
export function configOfProcess(): Config {
  try {
    loadEnvFile();
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) console.error(`topichub: ${fault}`);
    process.exit(EXIT_CONFIG);
  }
}

function loadEnvFile(): void {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
  } catch (error) {
    throw new ConfigError([`The file .env cannot be read: ${(error as Error).message}.`]);
  }
}

/** Reads the settings of interfaces.md 2. Throws one `ConfigError` that names every fault. */
export function readConfig(env: Environment): Config {
  const faults: string[] = [];

  /** An empty value counts as not set, as in most shells and service files. */
  function read<Value>(
    name: string,
    fallback: Value,
    parse: (text: string) => Value | undefined,
    expected: string,
  ): Value {
    const text = env[name]?.trim();
    if (!text) return fallback;
    const value = parse(text);
    if (value !== undefined) return value;
    // What holds an @ may hold a password, and this goes to a log.
    const shown = text.includes('@') ? 'not shown, for it may hold a password' : JSON.stringify(text);
    faults.push(`${name} is ${shown}; expected ${expected}.`);
    return fallback;
  }

  const readLimit = (name: string, fallback: readonly Rate[]) =>
    read(name, fallback, readRates, RATES_EXPECTED);

  const rateLimits: RateLimits = {
    sender: readLimit('LIMIT_SENDER', [
      { most: 30, seconds: 60 },
      { most: 300, seconds: 86_400 },
    ]),
    site: readLimit('LIMIT_SITE', [{ most: 120, seconds: 60 }]),
    pair: readLimit('LIMIT_PAIR', [{ most: 1, seconds: 30 }]),
    topic: readLimit('LIMIT_TOPIC', [{ most: 300, seconds: 60 }]),
    queue: read<number | null>('LIMIT_QUEUE', 10_000, readQueue, 'a number of posts from 1, or off'),
  };
  const config: Config = {
    port: read('PORT', 3000, readPort, 'a port number from 0 to 65535'),
    host: read('HOST', '127.0.0.1', readHost, 'an address or host name to listen on'),
    baseUrl: read<string | null>(
      'BASE_URL',
      null,
      readBaseUrl,
      'an http or https address without query, fragment or password, such as https://hub.example',
    ),
    baseUrlAliases: read<readonly string[]>(
      'BASE_URL_ALIASES',
      [],
      readAliases,
      'a comma list of host names or base addresses, such as www.hub.example,https://old.example/hub',
    ),
    siteName: read('SITE_NAME', 'topichub', readName, 'a name of at most 60 characters on one line'),
    contact: read<string | null>('CONTACT', null, readContact, 'a mail address or a web address'),
    dataDir: read('DATA_DIR', './data', text => text, 'a folder'),
    mongodbUri: read<string | null>(
      'MONGODB_URI',
      null,
      readMongodbUri,
      'a MongoDB address, beginning with mongodb:// or mongodb+srv://',
    ),
    role: read<Role>('ROLE', 'all', readRole, 'web, worker or all'),
    fetchAllow: read<ReadonlySet<string>>(
      'FETCH_ALLOW',
      new Set(),
      readPairs,
      'a comma list of host:port, such as 127.0.0.1:4000,blog.test:8080',
    ),
    fetchPorts: read<ReadonlySet<number>>(
      'FETCH_PORTS',
      WEB_PORTS,
      readPorts,
      'a comma list of port numbers from 1 to 65535, such as 80,443',
    ),
    fetchNameSender: read('FETCH_NAME_SENDER', false, readSwitch, 'on or off'),
    trustProxy: read<TrustProxy>(
      'TRUST_PROXY',
      0,
      readTrustProxy,
      'the number of proxies in front of the hub, or a comma list of their addresses and networks, such as 10.0.0.0/8; with true every sender could choose its own address',
    ),
    rateLimits: read('RATE_LIMITS', true, readSwitch, 'on or off') ? rateLimits : null,
    logLevel: read('LOG_LEVEL', 'info', readLevel, `one of ${LOG_LEVELS.join(', ')}`),
    metricsToken: read<string | null>('METRICS_TOKEN', null, text => text, 'a token'),
  };
  if (config.role !== 'all' && !env['MONGODB_URI']?.trim()) {
    faults.push(
      `ROLE is "${config.role}"; expected all, because without MONGODB_URI one process does everything.`,
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}
