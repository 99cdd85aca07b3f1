import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// For those who start this file themselves; `npm start` sets NODE_COMPILE_CACHE, which holds for this file too.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/topichub', import.meta.url)));

// Only now, so that everything they import comes out of the cache.
const { configOfProcess, EXIT_CONFIG } = await import('./config.ts');
const { stepBack } = await import('./step-back.ts');

/** npm passes on a signal that the terminal already sent to the whole group: within this time it is one request. */
const SAME_REQUEST_MS = 1_000;
/** The whole stop, whatever hangs. */
const LONGEST_STOP_MS = 14_000;

const config = configOfProcess();
// Before the imports, which are most of a start.
if (config.role === 'worker') void stepBack();
const { createLog } = await import('./log.ts');
const { serve } = await import('./serve.ts');
const { StoreError } = await import('./storage/storage.ts');
const log = createLog(config.logLevel);

// A rejection that nobody handles comes here, too. What a request's handler throws does not: it costs that request.
// Nobody knows what such an error left half done, and a start finds everything that was answered on disk.
process.on('uncaughtException', (error, origin) => {
  try {
    log.fatal({ err: error, origin }, 'an error nobody expected ends this process');
  } finally {
    process.exit(1);
  }
});

try {
  const { address, stop } = await serve(config, log);
  let askedAt: number | null = null;
  const onSignal = async (signal: NodeJS.Signals) => {
    if (askedAt !== null) {
      if (performance.now() - askedAt > SAME_REQUEST_MS) process.exit(1);
      return;
    }
    askedAt = performance.now();
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('the stop took too long');
      process.exit(1);
    }, LONGEST_STOP_MS).unref();
    await stop();
    log.info('stopped');
    process.exit(0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);

  console.log(`topichub listening on ${address}`);
  log.info({ address, baseUrl: config.baseUrl ?? address, dataDir: config.dataDir }, 'listening');
  if (!config.rateLimits) log.warn('RATE_LIMITS=off: anybody may send any number of pings');
} catch (error) {
  console.error(`topichub: ${startFault(error)}`);
  process.exit(error instanceof StoreError && error.setting ? EXIT_CONFIG : 1);
}

/** Why the hub could not start, in one sentence. */
function startFault(error: unknown): string {
  if (error instanceof StoreError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `Port ${config.port} on ${config.host} is already in use.`;
  if (code === 'EACCES') return `Port ${config.port} may not be used by this user.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST ${config.host} is no address of this machine.`;
  return message;
}
