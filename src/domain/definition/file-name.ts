/** Names of definition files. */
import { idPattern } from './cell.ts';

/** The name that a file would have if its author had known the rule: `Mon FS.yml` gives `mon-fs.yaml`. */
export function suggestedFileName(name: string): string {
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
  return idPattern.test(stem) ? `${stem}.yaml` : 'mon-service.yaml';
}
