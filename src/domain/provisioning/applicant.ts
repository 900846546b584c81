/** Who asks for a client: what the people who make it by hand read besides its values. */
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';
import type { OutsideAnswer, SiretRecord } from '#domain/registry/outside-answers';

export interface Applicant {
  readonly definition: ServiceProvider;
  /** What the directory of companies answered last; absent when it was not asked. */
  readonly siret?: OutsideAnswer<SiretRecord>;
}
