/** Takes pings and shows pages, looks at posts, or both. */
export type Role = 'web' | 'worker' | 'all';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

// What a setting may say. Each function reads one kind of value, and gives undefined for what is none.

/** A port to listen on; 0 for any that is free. */
export function readPort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

/** An address or a host name to listen on. */
export function readHost(text: string): string | undefined {
  return /^[a-z0-9.:_-]+$/i.test(text) ? text : undefined;
}

/** The address of a hub, without a slash at its end. */
export function readBaseUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  // The path is matched as it stands, so it holds nothing that a pattern could.
  if (!/^[\w/.~-]*$/.test(url.pathname)) return undefined;
  if (url.search || url.hash || url.username || url.password || /[?#]$/.test(text)) return undefined;
  return url.href.replace(/\/+$/, '');
}

/** A host name alone stands for its root; which scheme it is given makes no difference where addresses are compared. */
export function readAliases(text: string): readonly string[] | undefined {
  const bases = listOf(text).map(item =>
    readBaseUrl(/^[a-z][a-z+.-]*:\/\//i.test(item) ? item : `http://${item}`),
  );
  return bases.some(base => base === undefined) ? undefined : (bases as string[]);
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');
}

/** What the hub is called, on one line. */
export function readName(text: string): string | undefined {
  return text.length <= 60 && !/\p{Cc}/u.test(text) ? text : undefined;
}

/** How to reach the operator: a mail address or a web address. */
export function readContact(text: string): string | undefined {
  if (/^[^\s@<>"]+@[^\s@<>"]+$/.test(text)) return text;
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

/** Exact `host:port` pairs, as URLs have them. */
export function readPairs(text: string): ReadonlySet<string> | undefined {
  const pairs = listOf(text).map(pair => {
    const port = pair.match(/:(\d+)$/)?.[1];
    const url = port ? URL.parse(`http://${pair}/`) : null;
    return url && url.pathname === '/' && !url.username ? `${url.hostname}:${Number(port)}` : undefined;
  });
  return pairs.some(pair => pair === undefined) ? undefined : new Set(pairs as string[]);
}

/** Ports that may be fetched from. */
export function readPorts(text: string): ReadonlySet<number> | undefined {
  const ports = listOf(text).map(readPort);
  return ports.length > 0 && ports.every(port => port) ? new Set(ports as number[]) : undefined;
}

/** A MongoDB address, or undefined for anything else (such as a folder). */
export function readMongodbUri(text: string): string | undefined {
  return /^mongodb(?:\+srv)?:\/\/[^/]/.test(text) ? text : undefined;
}

/** What one process does. */
export function readRole(text: string): Role | undefined {
  return text === 'web' || text === 'worker' || text === 'all' ? text : undefined;
}

/** On or off. */
export function readSwitch(text: string): boolean | undefined {
  return text === 'on' ? true : text === 'off' ? false : undefined;
}

/** How many looks may be owed; null for no bound. */
export function readQueue(text: string): number | null | undefined {
  if (text === 'off') return null;
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** From which level on something is logged. */
export function readLevel(text: string): string | undefined {
  return LOG_LEVELS.includes(text) ? text : undefined;
}
