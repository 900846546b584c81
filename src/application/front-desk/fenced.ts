import { escapeInvisible } from '#base/i18n/invisible';

/** A text in a fenced code block that it cannot close (CommonMark 0.31, 4.5), line by line. */
export function fenced(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n').map(escapeInvisible);
  const longestRun = Math.max(2, ...Array.from(text.matchAll(/`+/g), (run) => run[0].length));
  const fence = '`'.repeat(longestRun + 1);
  return [`${fence}text`, ...lines, fence].join('\n');
}
