/** Requests out of the form's own export (« Demande de création d'un Fournisseur de Services ProConnect »). Pure. */

import { type CellName, cellNames } from '#base/config/cells';
import type { CsvRow } from '#base/csv';
import type { Message } from '#base/i18n/message';
import { listedLine, listedLines } from '#base/listed-lines';
import type { FormAnswers } from '#domain/definition/fix/serialize';
import { defaultScopes, optionalScopes, restrictedScopes } from '#domain/definition/rules/scope/known-scopes';
import { type ImportedClient, importMessage, yesOrNo } from './imported-client.ts';

/** The labels of the form, as they are compared; the export writes some with their section before them. */
const labels = {
  siret: /^(?:etablissement )?siret$/,
  email: /^(?:email|identite du demandeur email|email du demandeur|e mail)$/,
  name: /^nom du fournisseur de services$/,
  network: /^reseau ?x? du fournisseur de services$|^reseaux? du fournisseur de services$/,
  environment: /^environnement du fournisseur de services$/,
  datapass: /^numero de datapass valide$/,
  description: /^courte description du service rendu$/,
  redirectUris: /^urls? de redirection de connexion$/,
  postLogoutRedirectUris: /^urls? de redirection de deconnexion$/,
  ipAddresses: /^plages ?adresses ip$/,
  idToken: /^algorithme de signature id token$/,
  userinfo: /^algorithme de signature userinfo$/,
  scopes: /^utilisez vous des scopes non obligatoires/,
  privateSector: /^voulez vous ouvrir l application aux personnes professionnelles du prive/,
  support: /^email du support de votre application$/,
  /** The export's own: what became of the request. */
  state: /^(?:etat|statut) du dossier$/,
} as const;
type Label = keyof typeof labels;

/** Letters and digits in lower case, words one space apart. */
function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

export type FormExport =
  | { readonly ok: true; readonly requests: readonly ImportedClient[] }
  /** Columns without which nothing can be told. */
  | { readonly ok: false; readonly missing: readonly string[] };

/** @param rows of the table, the first with the labels */
export function readFormExport(rows: readonly CsvRow[]): FormExport {
  const [header, ...lines] = rows;
  const names = (header?.cells ?? []).map(folded);
  const columnsOf = (label: Label) => names.flatMap((name, at) => (labels[label].test(name) ? [at] : []));
  const missing = (['name', 'redirectUris'] as const).filter((label) => columnsOf(label).length === 0);
  if (missing.length > 0)
    return {
      ok: false,
      missing: missing.map((label) =>
        label === 'name' ? 'Nom du Fournisseur de Services' : 'URLs de redirection de connexion',
      ),
    };
  const columns = new Map((Object.keys(labels) as Label[]).map((label) => [label, columnsOf(label)]));
  return {
    ok: true,
    requests: lines.map((row, index) => {
      const position = index + 2;
      if (!isReadable(row, names.length))
        return { position, answers: {}, reasons: [importMessage('row-broken', { position })] };
      const reasons: Message[] = [];
      const answers = new Map<Label, string>();
      for (const [label, places] of columns) {
        const written = places.map((at) => row.cells[at]?.trim() ?? '').filter(isWritten);
        const said = [
          ...new Map(written.map((text) => [text.replace(/\s+/g, '').toLowerCase(), text])).values(),
        ];
        if (said.length > 1)
          reasons.push(
            importMessage('two-columns', {
              label: header?.cells[places[0] ?? 0]?.trim() ?? '',
              values: said,
            }),
          );
        answers.set(label, said[0] ?? '');
      }
      return requestOf(position, (label) => answers.get(label) ?? '', reasons);
    }),
  };
}

/** Cells beyond the last label are somebody's that slipped: nobody knows which. */
function isReadable({ whole, cells }: CsvRow, columns: number): boolean {
  return whole && !cells.slice(columns).some((cell) => cell.trim() !== '');
}

function requestOf(position: number, of: (label: Label) => string, reasons: Message[]): ImportedClient {
  const network = oneOf(folded(of('network')), { rie: 'rie', internet: 'internet' });
  const environment = oneOf(folded(of('environment')), {
    integration: 'integration',
    production: 'production',
  });
  // What a person refused once is not asked for again by a table.
  if (/\b(?:refus|sans suite|rejet)/.test(folded(of('state'))))
    reasons.push(importMessage('request-refused', { value: of('state') }));
  if (network === undefined) reasons.push(importMessage('network', { value: of('network') }));
  if (environment === undefined) reasons.push(importMessage('environment', { value: of('environment') }));
  const scopes = scopesOf(of('scopes'), reasons);
  const open = yesOrNo(of('privateSector'));
  const userinfo = /^aucun/.test(folded(of('userinfo'))) ? 'none' : of('userinfo').toUpperCase();
  const text = (key: 'datapass' | 'description', label: Label) =>
    of(label) === '' ? {} : { [key]: of(label) };
  const addresses = valuesOf(of('ipAddresses'), /[\s,;]+/);
  const answers: FormAnswers = {
    version: 1,
    name: of('name'),
    ...(network === undefined ? {} : { network }),
    ...(environment === undefined ? {} : { environment }),
    ...(of('siret') === '' ? {} : { organization: { siret: of('siret') } }),
    ...text('datapass', 'datapass'),
    ...text('description', 'description'),
    contacts: {
      technical: valuesOf(of('email'), /[\s,;]+/),
      ...(of('support') === '' ? {} : { support: of('support') }),
    },
    redirect_uris: valuesOf(of('redirectUris'), /\s+/),
    post_logout_redirect_uris: valuesOf(of('postLogoutRedirectUris'), /\s+/),
    ...(of('idToken') === '' ? {} : { id_token_signed_response_alg: of('idToken').toUpperCase() as 'RS256' }),
    ...(userinfo === '' ? {} : { userinfo_signed_response_alg: userinfo as 'RS256' }),
    ...(scopes.length === 0 ? {} : { optional_scopes: scopes }),
    ...(open === undefined ? {} : { private_sector: open }),
    // They mean nothing on Internet: what people wrote there is not carried on.
    ...(network === 'rie' && addresses.length > 0 ? { ip_addresses: addresses } : {}),
  };
  const cell = cellNames.find((name) => name === `${network}/${environment}`);
  return { position, ...cellOf(cell), answers, reasons };
}

function cellOf(cell: CellName | undefined): { readonly cell?: CellName } {
  return cell === undefined ? {} : { cell };
}

/** The values of an answer, which people write as a list of lines, too. */
function valuesOf(text: string, separator: RegExp): string[] {
  return listedLines(text)
    .flatMap((line) => line.split(separator))
    .filter(isWritten);
}

/** A bullet that stands alone is none. */
function isWritten(text: string): boolean {
  return listedLine(text) !== '';
}

/** The form lets people write anything, also « les deux »: only one clear answer is one. */
function oneOf<T extends string>(text: string, words: Readonly<Record<string, T>>): T | undefined {
  const found = Object.entries(words).filter(([word]) => text.split(' ').includes(word));
  return found.length === 1 ? found[0]?.[1] : undefined;
}

/** Free text: the scopes that it names, with itself as the reason. */
function scopesOf(text: string, reasons: Message[]): { scope: string; justification: string }[] {
  if (/^(?:|non|no|aucun|aucune|neant|sans objet|n a|rien)$/.test(folded(text))) return [];
  const words = text.split(/[\s,;()]+/).map((word) => word.replace(/^["'`]|["'`.:]+$/g, ''));
  const named = [...new Set(words.filter((word) => optionalScopes.has(word) || restrictedScopes.has(word)))];
  if (named.length > 0) return named.map((scope) => ({ scope, justification: text.replace(/\s+/g, ' ') }));
  if (words.every((word) => word === '' || defaultScopes.has(word))) return [];
  reasons.push(importMessage('scopes-text', { value: text }));
  return [];
}
