/**
 * What is known of a definition that is not in the registry: what public services answer about it, reduced to what a
 * decision needs, and what the operator configured. No answer holds personal data: what is not here cannot be repeated.
 */

import type { NetworkFault } from '#base/network-fault';

/** An answer with the moment it was given, or the reason why there is none. */
export type OutsideAnswer<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** When the service said so, ISO 8601 in UTC; earlier than now when it is remembered. */
      readonly at: string;
    }
  | {
      readonly ok: false;
      /**
       * `unconfigured`: Greffier has no account there; `unreachable`: it did not answer, or not in its own form, or refused it;
       * `postponed`: it was not asked yet, since one pull request has too many questions to ask at once.
       */
      readonly reason: 'unconfigured' | 'unreachable' | 'postponed';
      /** Why nothing came back, where the network says it: for the operator, whose it is to mend. */
      readonly fault?: { readonly network: NetworkFault; readonly host: string };
    };

/** What the directory of companies knows of a SIRET (API Recherche d'entreprises). */
export type SiretRecord =
  | { readonly found: false }
  | {
      readonly found: true;
      /** Legal name, `nom_complet`. */
      readonly legalName: string;
      /** INSEE code of the legal category, `nature_juridique`, such as `7120`. */
      readonly legalForm?: string;
      /** The legal unit has ceased (`etat_administratif` C). */
      readonly ceased: boolean;
      /** The establishment itself is closed (`etat_administratif` F); undefined when it was not in the answer. */
      readonly closed?: boolean;
      /** `date_fermeture`, YYYY-MM-DD. */
      readonly closedOn?: string;
      /** `complements.est_administration`; undefined when the answer does not say. */
      readonly administration?: boolean;
    };

/** States of a habilitation; `revoked` also when its own field says so, whatever the state says. */
export type HabilitationState = 'active' | 'obsolete' | 'revoked';

/** States of a demande. */
export type DemandeState =
  | 'draft'
  | 'submitted'
  | 'changes_requested'
  | 'validated'
  | 'refused'
  | 'archived'
  | 'revoked';

/** What DataPass knows of a number. */
export type DatapassRecord =
  | { readonly found: false }
  | {
      readonly found: true;
      /** `pro_connect_service_provider` is the one that is wanted. */
      readonly definition: string;
      /** Of the organization that holds it; undefined when the answer does not say. */
      readonly siret?: string;
      /** Networks it covers; undefined when the answer does not say. */
      readonly modalities?: readonly string[];
      readonly state:
        | { readonly kind: 'habilitation'; readonly state: HabilitationState }
        | {
            readonly kind: 'demande';
            readonly state: DemandeState;
            /** Of the habilitations it gave: a reopened demande may be a draft while one is active. */
            readonly habilitations: readonly HabilitationState[];
          };
    };

/** What is known from outside about one definition. An answer that was not asked for is absent. */
export interface OutsideAnswers {
  /**
   * The domains of Greffier's own addresses (`identity_domain` of the cells): the operator's choice, which stands in no
   * file of the registry.
   */
  readonly identityDomains?: readonly string[];
  readonly siret?: OutsideAnswer<SiretRecord>;
  readonly datapass?: OutsideAnswer<DatapassRecord>;
}

/** Whether a service that was asked did not answer. One that nobody can ask, since there is no account, is not silent. */
export function isSilent({ siret, datapass }: OutsideAnswers): boolean {
  return [siret, datapass].some((answer) => answer?.ok === false && answer.reason !== 'unconfigured');
}
