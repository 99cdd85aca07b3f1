/** Where Chromium is: what `CHROMIUM` says, else where Debian puts it. */
export const CHROMIUM = process.env['CHROMIUM'] || '/usr/bin/chromium';
