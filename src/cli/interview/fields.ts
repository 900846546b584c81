/** The fields of a definition in the order of the paper form: how each is asked for, read and written. */
import { environments, networks } from '#base/config/cells';
import type { Bilingual } from '#base/i18n/message';
import type { Cell } from '#domain/definition/cell';
import type { FormAnswers } from '#domain/definition/fix/serialize';
import { fieldMessages as words } from './field-messages.ts';

type OptionalScopes = NonNullable<FormAnswers['optional_scopes']>;

/** One value, a list, one of a few words, yes or no; scopes come with their reasons. */
export type FieldKind = 'one' | 'several' | 'choice' | 'yesNo' | 'scopes';

export interface Field {
  readonly kind: FieldKind;
  /** The name of the option that gives it. */
  readonly option: string;
  /** What may be given with the option, as an example that the rules accept. */
  readonly example?: string;
  readonly label: Bilingual;
  readonly question: Bilingual;
  /** Said before the question. */
  readonly note?: Bilingual;
  readonly pointer: string;
  readonly choices?: readonly [string, ...string[]];
  /** Taken for an empty answer. */
  readonly byDefault?: string;
  /** What separates values that are typed on one line, and what each of them looks like. */
  readonly part?: RegExp;
  /** Whether spaces and punctuation belong to the value. */
  readonly sentence?: boolean;
  /** Whether it is asked for in a cell. */
  inCell(cell: Cell): boolean;
  /** Whether it may be left out in a cell. */
  optionalIn(cell: Cell): boolean;
  read(answers: FormAnswers): readonly string[];
  write(answers: FormAnswers, values: readonly string[]): FormAnswers;
}

const always = () => true;
const never = () => false;
const inProduction = ({ environment }: Cell) => environment === 'production';
const outsideProduction = (cell: Cell) => !inProduction(cell);

type TextKey =
  | 'name'
  | 'network'
  | 'environment'
  | 'datapass'
  | 'description'
  | 'id_token_signed_response_alg'
  | 'userinfo_signed_response_alg';
type ListKey = 'redirect_uris' | 'post_logout_redirect_uris' | 'ip_addresses' | 'owners';

function present(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

/** Without a value the key is left out. */
function written(answers: FormAnswers, key: keyof FormAnswers, value: unknown): FormAnswers {
  const { [key]: _, ...rest } = answers;
  return value === undefined ? rest : { ...rest, [key]: value };
}

/** What any field has; each of the table below says the rest. */
function field(
  own: Partial<Field> & Pick<Field, 'option' | 'label' | 'question' | 'pointer' | 'read' | 'write'>,
): Field {
  return { kind: 'one', inCell: always, optionalIn: never, ...own };
}

function text(key: TextKey, own: Partial<Field> & Pick<Field, 'option' | 'label' | 'question'>): Field {
  return field({
    pointer: `/${key}`,
    read: (answers) => present(answers[key]),
    write: (answers, [value]) => written(answers, key, value),
    ...own,
  });
}

function list(key: ListKey, own: Partial<Field> & Pick<Field, 'option' | 'label' | 'question'>): Field {
  return field({
    kind: 'several',
    pointer: `/${key}`,
    read: (answers) => answers[key] ?? [],
    // That there is nowhere to come back to after sign-out has to be said; the other lists are left out.
    write: (answers, values) =>
      written(
        answers,
        key,
        values.length === 0 && key !== 'post_logout_redirect_uris' ? undefined : [...values],
      ),
    ...own,
  });
}

const address = /^\S+@\S+$/;
const url = /^<?https?:\S+$/i;

/** A scope and its reason on one line, as the option takes them. */
function scopeText({ scope, justification }: OptionalScopes[number]): string {
  return `${scope}=${justification}`;
}

/** `NAME=REASON` taken apart; undefined without a reason. */
export function scopeOf(line: string): OptionalScopes[number] | undefined {
  const at = line.indexOf('=');
  return at === -1
    ? undefined
    : { scope: line.slice(0, at).trim(), justification: line.slice(at + 1).trim() };
}

export const fields: readonly Field[] = [
  field({
    kind: 'several',
    option: 'contact',
    example: 'equipe-numerique@agence.gouv.fr',
    label: words.technicalLabel,
    question: words.technical,
    pointer: '/contacts/technical',
    part: address,
    read: ({ contacts }) => contacts?.technical ?? [],
    write: (answers, technical) => ({
      ...answers,
      contacts: { ...answers.contacts, technical: [...technical] },
    }),
  }),
  field({
    option: 'siret',
    example: '13002526500013',
    label: words.siretLabel,
    question: words.siret,
    pointer: '/organization',
    read: ({ organization }) => present(organization?.siret),
    write: (answers, [siret]) => written(answers, 'organization', siret === undefined ? siret : { siret }),
  }),
  text('name', {
    option: 'name',
    example: 'Suivi des demandes',
    label: words.nameLabel,
    question: words.name,
    sentence: true,
  }),
  text('network', {
    kind: 'choice',
    option: 'network',
    label: words.networkLabel,
    note: words.networkNote,
    question: words.network,
    choices: networks,
  }),
  text('environment', {
    kind: 'choice',
    option: 'environment',
    label: words.environmentLabel,
    note: words.environmentNote,
    question: words.environment,
    choices: environments,
  }),
  text('datapass', {
    option: 'datapass',
    example: 'H1234',
    label: words.datapassLabel,
    note: words.datapassNote,
    question: words.datapass,
    inCell: inProduction,
  }),
  text('description', {
    option: 'description',
    example: 'Suivre les demandes de subvention',
    label: words.descriptionLabel,
    question: words.description,
    sentence: true,
    optionalIn: outsideProduction,
  }),
  list('redirect_uris', {
    option: 'redirect-uri',
    example: 'https://monapp.gouv.fr/auth/callback',
    label: words.redirectUrisLabel,
    question: words.redirectUris,
    part: url,
  }),
  list('post_logout_redirect_uris', {
    option: 'post-logout-redirect-uri',
    label: words.postLogoutLabel,
    question: words.postLogout,
    part: url,
    optionalIn: always,
  }),
  list('ip_addresses', {
    option: 'ip',
    example: '10.144.7.20',
    label: words.ipLabel,
    note: words.ipNote,
    question: words.ip,
    part: /^[0-9a-f.:]+(?:\/\d+)?$/i,
    inCell: ({ network }) => network === 'rie',
  }),
  text('id_token_signed_response_alg', {
    kind: 'choice',
    option: 'id-token-alg',
    label: words.idTokenLabel,
    question: words.idToken,
    choices: ['RS256', 'ES256', 'HS256'],
    byDefault: 'RS256',
  }),
  text('userinfo_signed_response_alg', {
    kind: 'choice',
    option: 'userinfo-alg',
    label: words.userinfoLabel,
    question: words.userinfo,
    choices: ['RS256', 'ES256', 'HS256', 'none'],
    byDefault: 'RS256',
  }),
  field({
    kind: 'scopes',
    option: 'scope',
    label: words.scopesLabel,
    question: words.scopes,
    pointer: '/optional_scopes',
    optionalIn: always,
    read: ({ optional_scopes: scopes }) => (scopes ?? []).map(scopeText),
    write: (answers, values) => {
      const scopes = values.flatMap((value) => scopeOf(value) ?? []);
      return written(answers, 'optional_scopes', scopes.length === 0 ? undefined : scopes);
    },
  }),
  field({
    kind: 'yesNo',
    option: 'private-sector',
    example: 'false',
    label: words.privateSectorLabel,
    question: words.privateSector,
    pointer: '/private_sector',
    inCell: (cell) => inProduction(cell) || cell.network === 'internet',
    read: ({ private_sector: open }) => (open === undefined ? [] : [String(open)]),
    write: (answers, [value]) =>
      written(answers, 'private_sector', value === undefined ? undefined : value === 'true'),
  }),
  field({
    option: 'support',
    example: 'aide@agence.gouv.fr',
    label: words.supportLabel,
    question: words.support,
    pointer: '/contacts/support',
    optionalIn: outsideProduction,
    read: ({ contacts }) => present(contacts?.support),
    write: (answers, [support]) => ({
      ...answers,
      contacts: {
        technical: answers.contacts?.technical ?? [],
        ...(support === undefined ? {} : { support }),
      },
    }),
  }),
  list('owners', {
    option: 'owner',
    label: words.ownersLabel,
    question: words.owners,
    part: /^@?[a-z\d-]+$/i,
    optionalIn: always,
  }),
];

/** The cell that the answers name so far; the most frequent one when they do not say. */
export function cellOf({ network = 'internet', environment = 'integration' }: FormAnswers): Cell {
  return { network, environment };
}
