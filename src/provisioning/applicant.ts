/** Who asks for a client: what the people who make it by hand are told besides its values. */
import type { ServiceProvider } from '../definition/schema.ts';
import type { Answer, SiretRecord } from '../registry/outside-answers.ts';

export interface Applicant {
  readonly definition: ServiceProvider;
  /** What the directory of companies answered last; absent when it was not asked. */
  readonly siret?: Answer<SiretRecord>;
}
