/** From integration to production: the definition that follows from one, and what it lacks. Pure. */
import { type Place, pathFromPlace } from '#domain/definition/cell';
import type { Finding } from '#domain/definition/finding';
import { type FormAnswers, serializeLines } from '#domain/definition/fix/serialize';
import { readDefinition } from '#domain/definition/read-definition';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';

/** What production asks for and integration may leave out, by the name of its key. */
const productionKeys = ['datapass', 'description', 'contacts.support', 'private_sector'] as const;
export type ProductionKey = (typeof productionKeys)[number] | 'redirect_uris';

/** An address of integration that production cannot have, and why. */
export interface LeftUri {
  readonly uri: string;
  readonly finding: Finding;
}

export interface Promotion {
  readonly place: Place;
  readonly path: string;
  readonly answers: FormAnswers;
  /** What a person still has to say, in the order of the form. */
  readonly missing: readonly ProductionKey[];
  /** Hosts differ between the two environments: what was left out, to be replaced by its counterpart. */
  readonly left: readonly LeftUri[];
}

/** What is said besides the integration definition; what is absent is taken from that. */
export type PromotionAnswers = Pick<
  FormAnswers,
  'datapass' | 'description' | 'private_sector' | 'redirect_uris' | 'post_logout_redirect_uris'
> & { readonly support?: string };

/** Warnings that say that an address is no production address: one may keep it, but only by saying so. */
const notOfProduction = new Set<string>(['url/non-production-host', 'url/network-suffix']);

/** What promoting a definition of integration makes. Addresses that were given are taken as they are. */
export function promotionOf(
  place: Place,
  definition: ServiceProvider,
  given: PromotionAnswers = {},
): Promotion {
  const production: Place = { ...place, environment: 'production' };
  const support = given.support ?? definition.contacts.support;
  const { support: _, ...said } = given;
  const draft: FormAnswers = {
    ...definition,
    ...said,
    environment: 'production',
    contacts: { technical: definition.contacts.technical, ...(support === undefined ? {} : { support }) },
  };
  const left: LeftUri[] = [];
  const keep = (key: 'redirect_uris' | 'post_logout_redirect_uris') => {
    if (said[key] !== undefined) return said[key];
    return definition[key].filter((uri) => {
      const finding = whyNot(production, draft, key, uri);
      if (finding !== undefined) left.push({ uri, finding });
      return finding === undefined;
    });
  };
  const redirectUris = keep('redirect_uris');
  const answers: FormAnswers = {
    ...draft,
    redirect_uris: redirectUris,
    post_logout_redirect_uris: keep('post_logout_redirect_uris'),
  };
  // A way back after sign-out is on a domain of the ways in, of which some were left out.
  if (said.post_logout_redirect_uris === undefined && redirectUris.length > 0) {
    const kept = answers.post_logout_redirect_uris ?? [];
    const foreign = new Map(
      findingsOf(production, answers).flatMap((finding) => {
        const index = /^\/post_logout_redirect_uris\/(\d+)/.exec(finding.pointer)?.[1];
        return finding.rule === 'url/foreign-logout' && index !== undefined ? [[Number(index), finding]] : [];
      }),
    );
    for (const [index, finding] of foreign) left.push({ uri: kept[index] ?? '', finding });
    answers.post_logout_redirect_uris = kept.filter((_uri, index) => !foreign.has(index));
  }
  const missing: ProductionKey[] = productionKeys.filter((key) =>
    key === 'contacts.support' ? support === undefined : answers[key] === undefined,
  );
  if (redirectUris.length === 0) missing.push('redirect_uris');
  return { place: production, path: pathFromPlace(production), answers, missing, left };
}

/** What the rules of production say against an address by itself; undefined when it may stay. */
function whyNot(
  place: Place,
  draft: FormAnswers,
  key: 'redirect_uris' | 'post_logout_redirect_uris',
  uri: string,
): Finding | undefined {
  const alone = { ...draft, redirect_uris: [], post_logout_redirect_uris: [], [key]: [uri] };
  return findingsOf(place, alone).find(
    ({ pointer, severity, rule }) =>
      pointer.startsWith(`/${key}/0`) &&
      rule !== 'url/foreign-logout' &&
      (severity === 'error' || notOfProduction.has(rule)),
  );
}

function findingsOf(place: Place, answers: FormAnswers): readonly Finding[] {
  const text = `${serializeLines(answers).join('\n')}\n`;
  return readDefinition({ path: pathFromPlace(place), bytes: new TextEncoder().encode(text) }).findings;
}

/** What stands where a person has to write: `file/placeholder` refuses it until they did. */
const placeholders: Readonly<Record<ProductionKey, string>> = {
  datapass: '<H et le numéro>',
  description: '<verbe à l’infinitif, puis ce que permet le service>',
  'contacts.support': '<adresse du support>',
  private_sector: '<true ou false>',
  redirect_uris: '<https://, puis l’URL de retour en production>',
};

/** The text of the production definition: whole when nothing is missing, else with what is to be filled in. */
export function promotedText({ answers, missing }: Promotion): string {
  const lacks = (key: ProductionKey) => missing.includes(key);
  const lines = serializeLines({
    ...answers,
    ...(lacks('datapass') && { datapass: placeholders.datapass }),
    ...(lacks('description') && { description: placeholders.description }),
    ...(lacks('contacts.support') && {
      contacts: { technical: answers.contacts?.technical ?? [], support: placeholders['contacts.support'] },
    }),
    ...(lacks('redirect_uris') && { redirect_uris: [placeholders.redirect_uris] }),
  });
  const whole = lacks('private_sector')
    ? [...lines, `private_sector: ${placeholders.private_sector}`]
    : lines;
  return `${whole.join('\n')}\n`;
}
