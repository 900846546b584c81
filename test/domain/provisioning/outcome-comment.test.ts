import { describe, expect, it } from 'vitest';
import type { Language } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { failure } from '#domain/provisioning/failures';
import { translateProvisioning } from '#domain/provisioning/messages';
import type { ClientOutcome } from '#domain/provisioning/outcome';
import { renderOutcomeComment } from '#domain/provisioning/outcome-comment';
import { limitParagraphs } from '#domain/provisioning/outcome-lines';
import { aDesired } from './desired.ts';

/** What GitHub takes in a comment or an issue. */
const longest = 65_536;

function created(id: string, redirect_uris: readonly string[]): ClientOutcome {
  return {
    cell: 'internet/integration',
    id,
    state: 'created',
    clientId: `client-${id}`,
    cellInfo: { provider: 'registration', issuer: 'https://idp.example.fr', method: 'client_secret_post' },
    metadata: wantedMetadata(aDesired(id, { redirect_uris: [...redirect_uris] })),
  };
}

describe('the comment on a merged pull request', () => {
  it('shows URLs whole, however long: they are compared to the character', () => {
    const uri = `https://agenda.ville.example.fr/${'chemin/'.repeat(200)}retour`;
    const comment = renderOutcomeComment({ commit: 'c0ffee', clients: [created('agenda', [uri])] }, 'fr');
    expect(comment).toContain(`\`${uri}\``);
    expect(comment).toContain(`\`${encodeURIComponent(uri)}\``);
  });

  it.each([
    ['initial-token-refused', { issuer: 'https://idp.example.fr' }, 'initial_access_token'],
    ['partner-signature', { detail: '-' }, 'secret'],
    ['partner-absent', { url: 'https://x.example.fr' }, 'url'],
    ['discovery-missing', { url: 'https://x.example.fr', status: 404 }, 'issuer'],
    ['partner-refused-call', { problems: '-', domain: 'd' }, 'identity_domain'],
  ] as const)('has nothing to do for who asked where the operators have: %s', (key, values, setting) => {
    const { message } = failure(key, values);
    const waiting: ClientOutcome = { cell: 'internet/integration', id: 'agenda', state: 'retrying', message };
    for (const [language, nothing, where, again] of [
      ['fr', 'Vous n’avez rien à faire', 'que nomme `GREFFIER_CONFIG`', 'Redémarrez Greffier'],
      ['en', 'You have nothing to do', 'that `GREFFIER_CONFIG` names', 'Start Greffier again'],
    ] as const) {
      const comment = renderOutcomeComment({ commit: 'c0ffee', clients: [waiting] }, language);
      expect(comment).toContain(nothing);
      // What the operators read in their issue: which setting, where it is, and what changing it takes.
      const told = translateProvisioning(message, language, codeSpan);
      for (const word of [`\`${setting}\``, where, again]) expect(told).toContain(word);
    }
    const own = failure('metadata-refused', { error: 'x' }).message;
    const comment = renderOutcomeComment(
      { commit: 'c0ffee', clients: [{ ...waiting, state: 'failed', message: own }] },
      'fr',
    );
    expect(comment).not.toContain('rien à faire');
  });

  it.each(['fr', 'en'] as const)(
    'never exceeds what GitHub takes, and counts what it leaves out (%s)',
    (language: Language) => {
      const uris = Array.from({ length: 50 }, (_, n) => `https://a.ville.example.fr/${'x'.repeat(900)}/${n}`);
      for (const count of [1, 30, 2000]) {
        const clients = Array.from({ length: count }, (_, n) => created(`service-${n}`, uris));
        const comment = renderOutcomeComment({ commit: 'c0ffee', clients }, language);
        expect(comment.length).toBeLessThan(longest);
        expect(comment).toContain('client-service-0');
        expect(comment).toMatch(language === 'fr' ? /… et 40 de plus/ : /… and 40 more/);
        if (count === 2000)
          expect(comment).toMatch(language === 'fr' ? /… et \d{3,} de plus/ : /… and \d{3,} more/);
      }
    },
  );

  it('leaves few paragraphs as they are, and counts those of a list that is too long', () => {
    expect(limitParagraphs(['un', 'deux'], 'fr')).toEqual(['un', 'deux']);
    const many = limitParagraphs(
      Array.from({ length: 10_000 }, () => 'service-providers'),
      'fr',
    );
    expect(many.join('\n').length).toBeLessThan(longest);
    expect(many.at(-1)).toMatch(/^… et \d+ de plus\.$/);
  });
});
