/** A text in which people write one value a line, as mails and word processors hand it over: with bullets or numbers. */

const bullets = '-*•·▪‣◦–—';
const bullet = new RegExp(`^(?:[${bullets}]|\\d{1,2}[.)])\\s+`);
const onlyBullet = new RegExp(`^[${bullets}]$`);

/** A line as it counts: without the spaces around it, and what marks it as one of a list. */
export function listedLine(line: string): string {
  const text = line.trim();
  return onlyBullet.test(text) ? '' : text.replace(bullet, '');
}

/** Every line of a text as it counts, empty ones too. */
export function listedLines(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).map(listedLine);
}
