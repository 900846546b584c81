/**
 * What is printed, whatever it holds: no character acts on a terminal, and no line is one that a CI runner obeys. The
 * one way out of the command line; sentences quote foreign text besides.
 *
 * Runners read what a command prints, on standard error too: GitHub and Forgejo obey `::name::` at the start of a line,
 * spaces left out, and `##[name]` anywhere (actions/runner, `ActionCommand.cs`); Azure Pipelines `##vso[` and `##[`
 * anywhere; TeamCity `##teamcity[`; GitLab `section_start:1:name`; Travis `travis_fold:`.
 */
import { codePointName, escapeInvisible, invisibleBut } from './invisible.ts';

/** All but those that words of Greffier's own hold: line ends, tabulations, French spaces, the colours of a sign. */
const foreign = invisibleBut('\n\t\u00a0\u202f\ufe0f');
/** Exists only for speed: what is mostly printed, which holds no other. */
const usual = /^[\n -~\u00a0-\u00ac\u00ae-\u024f\u2013\u2014\u2018-\u201d\u2026\u20ac\u2500-\u257f\u2713]*$/;
const atLineStart = /^(\s*):(?=:)/gm;
const anywhere = /#(?=#\w*\[)|:(?<=section_(?:start|end):)(?=\d)|:(?<=travis_(?:fold|time):)/g;

const shown = (character: string) => `⟨${codePointName(character)}⟩`;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text of any number of lines, with what could act shown by its number. */
export function printed(text: string): string {
  return (usual.test(text) ? text : text.replace(foreign, escapeInvisible))
    .replace(atLineStart, (_, spaces: string) => spaces + shown(':'))
    .replace(anywhere, shown);
}

/** Workflow commands of our own, one a line, in which nothing else acts. */
export function printedCommands(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const [command = ''] = /^::(?:error|warning|notice) [^:]*::/.exec(line) ?? [];
      return printed(command).replace(shown(':'), ':') + printed(line.slice(command.length));
    })
    .join('\n');
}

/** JSON in which what could act is escaped: to a program, the same value. */
export function printableJson(value: unknown, indent?: number): string {
  return printableJsonText(JSON.stringify(value, undefined, indent));
}

/** The same of a text that is JSON. */
export function printableJsonText(json: string): string {
  const units = (is: string) => Array.from({ length: is.length }, (_, unit) => escaped(is.charAt(unit)));
  return json.replace(foreign, (is) => units(is).join('')).replace(anywhere, escaped);
}
