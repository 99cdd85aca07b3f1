import type { Report, Spread } from './report.ts';

/** Of a long list of findings, as many as tell what is wrong; the JSON has all. */
const MOST_SHOWN = 20;

/** A report for people. */
export function reportInWords(report: Report): string {
  const { traffic, findings, tookSeconds, failed } = report;
  const { pings, posts, answers } = traffic;
  const { sent, acknowledged, tooMany, refused, unanswered } = pings;
  const others = `${tooMany} too many, ${refused} refused, ${unanswered} unanswered`;
  const lines: [string, string][] = [
    ['run', `${report.engine}, seed ${report.seed}, ${report.senders} senders`],
    ['loops', `${report.loops} in ${tookSeconds.faults} s; at rest ${tookSeconds.rest} s later`],
    ['faults', counts(report.deeds)],
    ['pings', `${sent} sent: ${acknowledged} acknowledged, ${others}`],
    ['floods', `${traffic.floods.sent}; more taken than the limit lets: ${list(traffic.floods.letPass)}`],
    ['asked again', `${traffic.relooks} looks`],
    ['refusals', counts(traffic.refusals)],
    ['posts', `${posts.sent} sent, ${posts.acknowledged} acknowledged, ${findings.listed} listed`],
    ['answers', times(answers.usually)],
    ['database away', times(answers.databaseAway)],
    ['since it went', times(answers.sinceItWent)],
    ['database back', back(traffic.longestReturnMs)],
    ['fenced settles', String(report.fenced)],
    ['ended alone', list(report.endedByThemselves)],
    ['lost', list(findings.lost)],
    ['lost receipts', list(findings.lostReceipts)],
    ['not looked at', list(findings.unlooked)],
    ['doubled', list(findings.doubled)],
    ['listed unlinked', list(findings.unlinkedListed)],
    ['never sent', list(findings.strangers)],
    ['wrong counters', list(findings.wrongCounters)],
    ['left alone', list(traffic.leftAlone)],
    ['stopped badly', list(report.stoppedBadly)],
    ['unrest', counts(report.unrest)],
    ['result', failed.length === 0 ? 'passed' : `FAILED: ${failed.join('; ')}`],
  ];
  return lines.map(([name, words]) => `${name.padEnd(16)}${words}`).join('\n');
}

function counts(of: Readonly<Record<string, number>>): string {
  const words = Object.entries(of).map(([name, count]) => `${count} × ${name}`);
  return words.join(', ') || 'none';
}

function times({ answers, p50, p99, max }: Spread): string {
  return answers === 0 ? 'no answers' : `${answers} answers, p50 ${p50}, p99 ${p99}, max ${max} ms`;
}

function back(afterMs: number | null): string {
  return afterMs === null ? 'it was never away' : `a ping was taken ${afterMs} ms later, at the longest`;
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, MOST_SHOWN).map(item => `\n    ${item}`);
  const more = items.length > MOST_SHOWN ? `\n    and ${items.length - MOST_SHOWN} more` : '';
  return `${items.length}${shown.join('')}${more}`;
}
