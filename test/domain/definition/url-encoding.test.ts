/** URLs that say one thing in two ways, or hide something behind `%`: each rule, line and certain correction. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '#domain/definition/read-definition';
import { claimsOf } from '#domain/registry/claims';

const path = 'service-providers/internet/integration/agenda.yaml';
const base = 'https://agenda.ville-de-montfictif.fr';

function reading(...uris: readonly string[]) {
  const text = `version: 1
name: Agenda
network: internet
environment: integration
organization:
  siret: "21999900000017"
contacts:
  technical:
    - equipe-numerique@ville-de-montfictif.fr
redirect_uris:
${uris.map((uri) => `  - "${uri}"\n`).join('')}post_logout_redirect_uris: []
id_token_signed_response_alg: RS256
userinfo_signed_response_alg: RS256
`;
  return readDefinition({ path, bytes: new TextEncoder().encode(text) });
}

/** Message, line, and what the fix writes, if there is one. */
const said = (...uris: readonly string[]) =>
  reading(...uris).findings.map(({ message, range, fix }) =>
    [message.key, range.start.line, fix?.edits.map(({ text }) => text.replaceAll('"', '')).join()]
      .filter((part) => part !== undefined)
      .join(' '),
  );

describe('a redirect URL', () => {
  it.each([
    // A port that nobody can listen on.
    [`${base}:0/cb`, 'url/invalid#port 11'],
    [`${base}:00/cb`, 'url/invalid#port 11'],
    [`${base}:/cb`, `url/canonical#colon 11 ${base}/cb`],
    [`${base}:00443/cb`, `url/canonical#form 11 ${base}/cb`],
    // No encoding at all.
    [`${base}/%zz`, 'url/invalid#percent 11'],
    [`${base}/cb%`, 'url/invalid#percent 11'],
    [`${base}/%4`, 'url/invalid#percent 11'],
    [`${base}/cb?remise=50%`, 'url/invalid#percent 11'],
    // Characters that nobody sees.
    [`${base}/cb%00`, 'url/invalid#hidden 11'],
    [`${base}/cb?x=%00`, 'url/invalid#hidden 11'],
    [`${base}/cb%0d%0aSet-Cookie:x=1`, 'url/invalid#hidden 11'],
    [`${base}/%09cb`, 'url/invalid#hidden 11'],
    [`${base}/%7Fcb`, 'url/invalid#hidden 11'],
    [`${base}/%c2%85cb`, 'url/invalid#hidden 11'],
    [`${base}/cb%E2%80%8B`, 'url/invalid#hidden 11'],
    [`${base}/\\0cb`, 'file/hidden-character#control 11'],
    ['https://a%00b.fr/cb', 'url/invalid#host 11'],
    [`${base}%2fcb`, 'url/invalid#host 11'],
    // Slashes for some servers only.
    [`${base}/a%5Ccb`, 'url/invalid#slash 11'],
    [`${base}/a/%2e%2e%2fcb`, 'url/invalid#slash 11'],
    [`${base}/a%2f..`, 'url/invalid#slash 11'],
    [`${base}\\\\cb`, `url/canonical#form 11 ${base}/cb`],
    // Segments that browsers resolve.
    [`${base}/a/%2e%2e/cb`, `url/canonical#dots 11 ${base}/cb`],
    [`${base}/./cb`, `url/canonical#dots 11 ${base}/cb`],
    // The same URL, needlessly encoded (RFC 3986 §6.2.2.2).
    [`${base}/%63b`, `url/canonical#encoded 11 ${base}/cb`],
    [`${base}/%7Eagenda/cb`, `url/canonical#encoded 11 ${base}/~agenda/cb`],
    ['https://ag%65nda.ville-de-montfictif.fr/cb', `url/canonical#encoded 11 ${base}/cb`],
    ['https://moi:secret@agenda.ville-de-montfictif.fr/cb', `url/credentials#credentials 11 ${base}/cb`],
  ])('%j: %s', (uri, expected) => {
    expect(said(uri)).toEqual([expected]);
  });

  it.each([
    `${base}/%C3%A9tat`,
    // Which capitals the application sends, nobody here knows.
    `${base}/%c3%a9tat`,
    // Latin-1: no UTF-8, and no fault.
    `${base}/%e9tat`,
    `${base}/a%2Fb`,
    `${base}/cb?x=a%5Cb&y=50%25`,
    `${base}/%2563b`,
    `${base}/mon%20retour`,
  ])('%j is left as it is', (uri) => {
    expect(said(uri)).toEqual([]);
  });

  it('is looked at behind its encoding', () => {
    expect(said(`${base}/cb?n%65xt=/a`)).toContain('url/open-redirect#parameter 11');
  });

  it('stands once, whatever is encoded in it', () => {
    expect(said(`${base}/cb`, `${base}/%63b`)).toEqual(['url/duplicate#normalised 12 ']);
    // One of the two is the one that the application sends: no fix chooses.
    expect(said(`${base}/%C3%A9tat`, `${base}/%c3%a9tat`)).toEqual(['url/duplicate#encoding 12']);
  });

  it('is one claim in the registry, whatever is encoded in it', () => {
    const claimed = (uri: string) => claimsOf({ path, partial: reading(uri).partial }).redirectUris;
    expect(claimed(`${base}/%63b`)).toEqual(claimed(`${base}/cb`));
    expect(claimed(`${base}/%c3%a9tat`)).toEqual(claimed(`${base}/%C3%A9tat`));
    expect(claimed(`${base}/a%2fb`)).not.toEqual(claimed(`${base}/a/b`));
  });
});
