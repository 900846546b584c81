/**
 * The names of legal forms, by the codes of Insee's nomenclature of legal categories (catégories juridiques): those of
 * four digits that a public body may have, and the families of two digits for all others. The names are French words
 * of administration, and stay so in every language.
 */
import forms from '#templates/legal-forms.json' with { type: 'json' };

const namesByCode: Readonly<Record<string, string>> = forms;

/** @param code such as `7210`; undefined when neither it nor its family is known. */
export function legalFormName(code: string): string | undefined {
  if (!/^\d{4}$/.test(code)) return undefined;
  return [code, code.slice(0, 2)].map((each) => namesByCode[each]).find((name) => name !== undefined);
}
