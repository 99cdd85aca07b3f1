import { saying } from './command.ts';
import { readOptions } from './soak/options.ts';
import { reportInWords } from './soak/report-words.ts';
import { soak } from './soak/run.ts';

/** As shells name the end by Ctrl+C. */
const INTERRUPTED = 130;

const interrupt = new AbortController();
process.on('SIGINT', () => interrupt.abort());
process.on('SIGTERM', () => interrupt.abort());

await saying(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  try {
    const report = await soak(options, line => console.error(line), interrupt.signal);
    console.log(options.json ? JSON.stringify(report, null, 2) : reportInWords(report));
    if (report.failed.length > 0) process.exitCode = 1;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    console.error('Broken off; its processes and its store are gone.');
    // Senders may still wait for an answer.
    process.exit(INTERRUPTED);
  }
});
