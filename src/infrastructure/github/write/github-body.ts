/** Markdown as GitHub takes it. Every comment, issue, review and check is written by this. */

/** Characters: « body is too long (maximum is 65536 characters) », for good (422). A check's summary has one less. */
export const maxBodyLength = 65_535;
/** What stands for the lines that are left out, and room for what they would have closed. */
const rest = '…';
const closingRoom = 500;

const fenceLine = /^([ \t>]*)(`{3,}|~{3,})(.*)$/;

/**
 * A text that GitHub takes: when it is too long, its last lines are left out, and code and details that are open there
 * are closed. A line is never cut, since what is quoted in it would be quoted no longer.
 */
export function githubBody(markdown: string): string {
  if (markdown.length <= maxBodyLength) return markdown;
  const kept: string[] = [];
  let room = maxBodyLength - closingRoom;
  let fence: { readonly prefix: string; readonly marks: string } | undefined;
  let details = 0;
  for (const line of markdown.split('\n')) {
    room -= line.length + 1;
    if (room < 0) break;
    kept.push(line);
    const [, prefix = '', marks = '', info = ''] = fenceLine.exec(line) ?? [];
    if (fence === undefined) {
      if (marks !== '') fence = { prefix: prefix.slice(0, 100), marks: marks.slice(0, 100) };
      else if (line.startsWith('<details>')) details += 1;
      else if (line.startsWith('</details>')) details -= 1;
    } else if (marks.startsWith(fence.marks) && info.trim() === '') fence = undefined;
  }
  if (fence !== undefined) kept.push(`${fence.prefix}${fence.marks}`);
  kept.push('', rest);
  for (let open = Math.min(details, 10); open > 0; open -= 1) kept.push('', '</details>');
  return `${kept.join('\n')}\n`;
}
