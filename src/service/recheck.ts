/** Asks public services once more, right before provisioning: an authorization may have been revoked since the review. */
import type { Kysely } from 'kysely';
import { placeOf } from '../definition/cell.ts';
import { drafted } from '../definition/drafting.ts';
import { codeSpan, fill } from '../language/render.ts';
import type { Language } from '../language/words.ts';
import type { Manners } from '../outside/call.ts';
import { datapass } from '../outside/datapass.ts';
import { directoryOfCompanies } from '../outside/entreprises.ts';
import type { Applicant } from '../provisioning/applicant.ts';
import { clientKey } from '../provisioning/plan.ts';
import type { Subject } from '../provisioning/provider.ts';
import { catalogue } from '../registry/catalogue.ts';
import { judgeOutside } from '../registry/judge.ts';
import type { Desired, Entry } from '../registry/registry.ts';
import type { Tables } from '../work/tables.ts';
import { askOutside, type OutsideServices } from './outside-answers.ts';
import type { OutsideSettings } from './settings.ts';

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
