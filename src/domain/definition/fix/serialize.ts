/** Writes a definition as a person would. */
import { scalarText } from '#domain/definition/parse/scalar';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';

/** A definition of which some answers are still missing. */
export type FormAnswers = Partial<ServiceProvider>;

function list(key: string, items: readonly string[], indent = ''): readonly string[] {
  if (items.length === 0) return [`${indent}${key}: []`];
  return [`${indent}${key}:`, ...items.map((item) => `${indent}  - ${scalarText(item)}`)];
}

/** The YAML lines of each key that has an answer, in the order of the documentation. */
export function serializeLines(answers: FormAnswers): readonly string[] {
  const lines: string[] = [];
  const scalar = (key: keyof FormAnswers) => {
    const value = answers[key];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      lines.push(`${key}: ${scalarText(value)}`);
  };
  scalar('version');
  scalar('name');
  scalar('network');
  scalar('environment');
  if (answers.organization !== undefined)
    lines.push('organization:', `  siret: ${scalarText(answers.organization.siret, 'double')}`);
  scalar('datapass');
  scalar('description');
  const { contacts } = answers;
  if (contacts !== undefined) {
    lines.push('contacts:', ...list('technical', contacts.technical, '  '));
    if (contacts.support !== undefined) lines.push(`  support: ${scalarText(contacts.support)}`);
  }
  if (answers.redirect_uris !== undefined) lines.push(...list('redirect_uris', answers.redirect_uris));
  if (answers.post_logout_redirect_uris !== undefined)
    lines.push(...list('post_logout_redirect_uris', answers.post_logout_redirect_uris));
  scalar('id_token_signed_response_alg');
  scalar('userinfo_signed_response_alg');
  if (answers.optional_scopes !== undefined && answers.optional_scopes.length > 0) {
    lines.push('optional_scopes:');
    for (const { scope, justification } of answers.optional_scopes)
      lines.push(`  - scope: ${scalarText(scope)}`, `    justification: ${scalarText(justification)}`);
  }
  scalar('private_sector');
  if (answers.ip_addresses !== undefined) lines.push(...list('ip_addresses', answers.ip_addresses));
  if (answers.owners !== undefined && answers.owners.length > 0)
    lines.push(...list('owners', answers.owners));
  return lines;
}
