/** A name is quoted in official mails: what would be a link or an instruction there is no name. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';

function said(name: string, host = 'agenda.ville-de-montfictif.fr') {
  const { path, text } = completeExample({
    yaml: `name: ${JSON.stringify(name)}\nredirect_uris:\n  - https://${host}/callback\npost_logout_redirect_uris: []\n`,
    cell: 'internet/integration',
  });
  return readDefinition({ path, bytes: new TextEncoder().encode(text) })
    .findings.filter(({ rule }) => rule === 'name/link')
    .map(({ message, severity }) => `${severity} ${message.key.split('#')[1]}`);
}

describe('a name', () => {
  it.each([
    ['https://evil.example/cles', 'link'],
    ['Agenda http:evil', 'link'],
    ['www.cles-proconnect.com', 'link'],
    ['Lisez evil.com/cles', 'link'],
    ['Agenda evil.com:8443', 'link'],
    ['mailto:moi', 'link'],
    ['Agenda (moi@evil.com)', 'address'],
    ['Agenda, 06 99 00 00 01', 'phone'],
    ['Agenda +33199000001', 'phone'],
    ['Aide 0800 123 456', 'phone'],
    ['evil.com', 'host'],
    ['Vos clés : EVIL.Com', 'host'],
    ['Portail de evil.gouv-fr.com', 'host'],
    ['Cliquez', 'call'],
    ['CLIQUEZ-ICI', 'call'],
    ['Connectez-vous vite', 'call'],
    ['Validez votre compte', 'call'],
    ['Ve\u0301rifiez  vos  identifiants', 'call'],
    ['Votre compte sera suspendu', 'call'],
    ['Confirme ton mot de passe', 'call'],
    ['Click here', 'call'],
    ['Please verify your account', 'call'],
    ['Your password has expired', 'call'],
    ['Log in to keep your keys', 'call'],
  ])('like %j is an error', (name, messageId) => {
    expect(said(name)).toEqual([`error ${messageId}`]);
  });

  it('that is the domain of the application is for a reviewer, as is an address of the State', () => {
    expect(said('service-public.fr', 'auth.service-public.fr')).toEqual(['decision own']);
    expect(said('Espace impots.gouv.fr', 'evil.com')).toEqual(['decision state']);
    expect(said('Espace impots.gouv.fr', 'evil.gouv.fr')).toEqual(['decision state']);
  });

  it('that is an address of the State, and the application’s own, is one that people know', () => {
    expect(said('data.gouv.fr', 'auth.data.gouv.fr')).toEqual([]);
    expect(said('Impots.gouv.fr - espace pro', 'pro.impots.gouv.fr')).toEqual([]);
  });

  it.each([
    'Démarches simplifiées',
    'Pix.',
    "Pix : l'essentiel",
    'S.I.R.H. du ministère',
    'Mon Compte Formation',
    'Votre compte citoyen',
    'Exprimez-vous',
    'Inscrivez-vous en crèche',
    'Validez vos trajets',
    'Vérifiez vos droits',
    'Click and collect des bibliothèques',
    'Active Directory',
    'Contestation des amendes (39 39)',
    'Programmation 2021-2027',
    'Cap+ (salles/équipements) : saison 1, tome 2 !',
    'Allô 119',
    'Version 2.1 du portail',
    'Read the Docs',
    'Réglement des litiges, ex. voisinage',
  ])('like %j is one', (name) => {
    expect(said(name)).toEqual([]);
  });
});
