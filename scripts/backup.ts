import { configOfProcess } from '../server/config.ts';
import { backUp } from '../server/storage/sqlite/backup.ts';
import { CommandError, saying } from './command.ts';

await saying(async () => {
  const [target] = process.argv.slice(2);
  if (!target) throw new CommandError('npm run backup -- <file>');
  backUp(configOfProcess().dataDir, target);
  console.log(`Copied the store to ${target}`);
});
