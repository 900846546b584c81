/** Asks public services once more, right before provisioning: an authorization may have been revoked since the review. */
import type { Kysely } from 'kysely';
import { askOutside, type OutsideServices } from '#application/lookups/answer-cache';
import type { OutsideSettings } from '#base/config/environment';
import type { Language } from '#base/i18n/message';
import { codeSpan, fill } from '#base/i18n/render';
import { placeOf } from '#domain/definition/cell';
import { drafted } from '#domain/definition/parse/read-partial-definition';
import type { Applicant } from '#domain/provisioning/applicant';
import { clientKey } from '#domain/provisioning/plan';
import type { Subject } from '#domain/provisioning/provider';
import { judgeOutside } from '#domain/registry/evaluate';
import type { Desired, Entry } from '#domain/registry/registry';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import type { Tables } from '#infrastructure/database/tables/queue';
import { directoryOfCompanies } from '#infrastructure/lookups/company-directory';
import { datapass } from '#infrastructure/lookups/datapass';
import type { Manners } from '#infrastructure/lookups/throttled-client';

/** The public services that the environment names. @param userAgent who asks: they want a name to look up */
export function outsideServices(
  db: Kysely<Tables>,
  settings: OutsideSettings,
  userAgent: string,
): OutsideServices {
  const now = () => Date.now();
  const manners: Manners = { fetch, userAgent, now, wait };
  return {
    db,
    now,
    siret: directoryOfCompanies(settings.entreprisesUrl, manners),
    datapass: datapass(settings.datapass, manners),
  };
}

export interface Rechecking {
  /** @returns why public services say that a definition may not be provisioned, if they do, as Markdown */
  readonly recheck: (desired: Desired) => Promise<string | undefined>;
  /** Who asks for a client that is about to change: every one is checked again before. */
  readonly applicantOf: (subject: Subject) => Applicant | undefined;
}

export function rechecking(services: OutsideServices, language: () => Language): Rechecking {
  const applicants = new Map<string, Applicant>();
  return {
    applicantOf: (subject) => applicants.get(clientKey(subject)),
    async recheck(desired) {
      const { definition, path } = desired;
      const place = placeOf(path);
      if (place === undefined) return undefined;
      const questions = {
        siret: definition.organization.siret,
        ...(definition.datapass === undefined ? {} : { datapass: definition.datapass }),
      };
      const answers = await askOutside(services, questions, true);
      const { siret } = answers;
      applicants.set(clientKey(desired), { definition, ...(siret === undefined ? {} : { siret }) });
      // The rules look at drafts.
      const draft = drafted({ ...definition }, path, place);
      const entry: Entry = { path, place, blob: '', draft, definition };
      for (const { rule, report: told } of judgeOutside(entry, answers)) {
        const card = catalogue.card(rule);
        const sentence = card?.words[told.words];
        if (card !== undefined && sentence !== undefined && (told.severity ?? card.severity) === 'error')
          return fill(sentence[language()], told.values ?? {}, codeSpan);
      }
      return undefined;
    },
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
