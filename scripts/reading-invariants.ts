/** What is promised of every text, however damaged; the fuzzer and the property tests hold it. */

import { languages } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { applyEdits } from '#domain/definition/fix/apply-edits';
import { applyFixes } from '#domain/definition/fix/fixes';
import { Lines } from '#domain/definition/parse/lines';
import type { DefinitionReading } from '#domain/definition/parse/reading';
import { secretSpans } from '#domain/definition/parse/secret-scan';
import { readDefinition } from '#domain/definition/read-definition';
import type { RuleCatalogue } from '#domain/definition/rules/rule-catalogue';

const encoder = new TextEncoder();

/** More findings, or longer sentences, nobody reads. */
const maxFindings = 200;
const maxSentenceLength = 3_000;

/**
 * Reads a text and checks what is promised.
 *
 * @returns the reading, and the broken promises in words; none when all is well
 */
export function checkReading(
  path: string,
  text: string,
  catalogue: RuleCatalogue,
): { readonly reading: DefinitionReading; readonly broken: readonly string[] } {
  const broken: string[] = [];
  const reading = readDefinition({ path, bytes: encoder.encode(text) });
  // What is read is what the bytes say: halves of surrogate pairs do not survive UTF-8.
  const whole = text.toWellFormed();
  const lines = new Lines(whole);
  const secrets = secretSpans(whole).map(({ start, end }) => whole.slice(start, end));
  if (reading.findings.length > maxFindings) broken.push(`${reading.findings.length} findings`);
  if ((reading.definition === undefined) !== reading.findings.some(({ severity }) => severity === 'error'))
    broken.push('a definition with errors, or none without');
  for (const { rule, range, message, fix } of reading.findings) {
    for (const spot of [range, ...(fix?.edits ?? []).map((edit) => edit.range)]) {
      const { start, end } = spot;
      const inside =
        start.line >= 1 &&
        start.column >= 1 &&
        end.line <= lines.count &&
        lines.offsetAt(start) <= lines.offsetAt(end) &&
        lines.offsetAt(end) <= whole.length &&
        lines.lineAt(lines.offsetAt(start)) === start.line;
      if (!inside) broken.push(`${rule}: a range outside of the text ${JSON.stringify(spot)}`);
    }
    for (const language of languages) {
      const said = [message, ...(fix === undefined ? [] : [fix.title])].map((one) =>
        catalogue.translate(one, language, quoteInBackticks),
      );
      if (said.some((one) => one.length > maxSentenceLength)) broken.push(`${rule}: a sentence without end`);
      if (secrets.some((secret) => secret.length >= 12 && said.some((one) => one.includes(secret))))
        broken.push(`${rule}: a secret is told`);
    }
    if (fix !== undefined && applyEdits(whole, fix.edits) === whole)
      broken.push(`${rule}: a fix that changes nothing`);
  }
  return { reading, broken };
}

/** Fixes a text and checks what is promised of fixes: twice is once, and no fix is left. */
export function checkFixes(path: string, text: string): readonly string[] {
  const broken: string[] = [];
  const whole = text.toWellFormed();
  const once = applyFixes(path, whole);
  const twice = applyFixes(path, once.text);
  if (twice.text !== once.text) broken.push('fixing twice is not fixing once');
  const left = readDefinition({ path, bytes: encoder.encode(once.text) });
  for (const { rule, fix, pointer } of left.findings)
    if (fix !== undefined) broken.push(`${rule} at ${pointer}: a fix comes back`);
  return broken;
}
