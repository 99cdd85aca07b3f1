const WIDTH = 30;

/** A bar on standard error that is drawn over itself; on anything but a terminal one line at each end only. */
export function progressBar(label: string, done: number, of: number): void {
  const share = of === 0 ? 1 : Math.min(1, done / of);
  const whole = share === 1;
  if (!process.stderr.isTTY && !whole) return;
  const filled = Math.round(share * WIDTH);
  const bar = `${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}`;
  const line = `${label.padEnd(18)} [${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${done} of ${of}`;
  process.stderr.write(process.stderr.isTTY ? `\r${line}${whole ? '\n' : ''}` : `${line}\n`);
}
