/** Names of definition files. */
import { idPattern } from './cell.ts';

/** How systems name the second copy of a file: « agenda (1) », « agenda - Copie (2) », « Copie de agenda ». */
const copyMarks: readonly RegExp[] = [
  /\s+-\s+(?:copie|copy)(?:\s*\(\d{1,2}\))?$/i,
  /[ _]+(?:copie|copy)(?:[ _]+\d{1,2})?$/i,
  /^(?:copie|copy)(?:\s*\(\d{1,2}\))?\s+(?:de|of)\s+/i,
  /[ _-]*\((?:\d{1,2}|copie|copy)\)$/i,
];

/** What a system added to the name of a file that was there already, and the name without; undefined of any other name. */
export function copyOf(name: string): { readonly mark: string; readonly original: string } | undefined {
  const extension = /\.[^.]*$/.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length);
  for (const pattern of copyMarks) {
    const mark = pattern.exec(stem)?.[0];
    if (mark !== undefined) return { mark: mark.trim(), original: stem.replace(mark, '') + extension };
  }
  return undefined;
}

/** As `fileNameFor`, with a name that is surely to be changed where there is none. */
export function suggestedFileName(name: string): string {
  return fileNameFor(name) ?? 'mon-service.yaml';
}

/** The name that a file would have if its author had known the rule: `Mon FS.yml` gives `mon-fs.yaml`, `42.yaml` none. */
export function fileNameFor(name: string): string | undefined {
  const stem = name
    .replace(/(?:\.(?:ya?ml|txt|docx?|odt|rtf))+$/i, '')
    .replace(/œ/gi, 'oe')
    .replace(/æ/gi, 'ae')
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return idPattern.test(stem) ? `${stem}.yaml` : undefined;
}
