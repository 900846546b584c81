import { describe, expect, it } from 'vitest';
import { applyFixes } from '#domain/definition/fix/fixes';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';

describe('what is said to be wrong with a value', () => {
  it.each([
    [
      'contacts:\n  technical:\n    - "[dsi@agence-fictive.gouv.fr](mailto:DSI@agence-fictive.gouv.fr)"',
      'email/format#named',
      '- "dsi@agence-fictive.gouv.fr"\n',
    ],
    [
      'contacts:\n  technical:\n    - dsi@agence-fictive.gouv.fr <dsi@agence-fictive.gouv.fr>',
      'email/format#named',
      '- dsi@agence-fictive.gouv.fr\n',
    ],
    ['contacts:\n  technical:\n    - 130 025 265 00013', 'email/format#noAt', undefined],
    ['contacts:\n  technical:\n    - "+33 1 23 45 67 89"', 'email/format#telephone', undefined],
    [
      'redirect_uris:\n  - https://app。commune-fictive.fr/cb',
      'url/canonical#form',
      '- https://app.commune-fictive.fr/cb\n',
    ],
    [
      'redirect_uris:\n  - https://été.commune-fictive.fr/cb',
      'url/canonical#accents',
      '- https://xn--t-9fab.commune-fictive.fr/cb\n',
    ],
    ['ip_addresses:\n  - "[fd12:3456::20]"', 'ip/invalid#spaces', '- "fd12:3456::20"\n'],
    ['ip_addresses:\n  - "[fd12:3456::20]:443"', 'ip/invalid#port', '- "fd12:3456::20"\n'],
  ])('is wrong with %j, and its fix mends it', (yaml, key, written) => {
    const { path, text } = completeExample({
      yaml,
      ...(yaml.startsWith('ip_') && { cell: 'rie/integration' as const }),
    });
    const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
    expect(findings.map(({ message }) => message.key)).toContain(key);
    const mended = applyFixes(path, text).text;
    if (written === undefined) expect(mended).toBe(text);
    else expect(mended).toContain(written);
  });
});
