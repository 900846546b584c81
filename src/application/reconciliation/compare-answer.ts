/** What a provider made of what it was asked for: where that is something else, and where it does not say. Pure. */
import { defined } from '#base/defined';
import { essentialFields, metadataChanges } from '#domain/provisioning/client-metadata';
import type {
  ActualClient,
  ClientMetadata,
  MetadataField,
  ReportedMetadata,
} from '#domain/provisioning/provider';

export interface ComparedAnswer {
  /** Essential fields that are not as they were asked for, or of which nothing is said without which nothing is known. */
  readonly differing: readonly MetadataField[];
  /** The others that differ, as the provider has them: lawful, and told. */
  readonly accepted?: ReportedMetadata;
  /** Fields that matter to whoever signs people in, and of which it says nothing: told too. */
  readonly untold?: readonly MetadataField[];
}

/** Without being told where people are sent, nothing is known. */
const neededFields: readonly MetadataField[] = ['active', 'redirect_uris'];
const worthTelling: readonly MetadataField[] = [
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'post_logout_redirect_uris',
];

export function compareAnswer(
  { metadata: told }: Pick<ActualClient, 'metadata'>,
  wanted: ClientMetadata,
  governed: readonly MetadataField[],
): ComparedAnswer {
  const changes = metadataChanges(told, wanted, governed).map(({ field }) => field);
  const missing = neededFields.filter((field) => wanted.active && told[field] === undefined);
  const others = changes.filter((field) => !essentialFields.has(field));
  const untold = worthTelling.filter((field) => {
    const value = wanted[field];
    const isAsked = value !== 'none' && !(Array.isArray(value) && value.length === 0);
    return wanted.active && isAsked && governed.includes(field) && told[field] === undefined;
  });
  return {
    differing: [...new Set([...missing, ...changes.filter((field) => essentialFields.has(field))])],
    ...defined({
      accepted:
        others.length === 0 ? undefined : Object.fromEntries(others.map((field) => [field, told[field]])),
      untold: untold.length === 0 ? undefined : untold,
    }),
  };
}
