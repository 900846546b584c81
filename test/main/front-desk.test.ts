import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '#base/config/config-file';
import { Secret } from '#base/config/secret';
import { startupErrorText } from '#base/config/startup-errors';
import { frontDeskErrors, frontDeskOptions } from '#main/front-desk';

const frontDesk = { operators: [], catalogue: true };
const configuration = {
  ...defaultConfiguration,
  cells: { 'internet/production': { provider: 'manual' as const } },
  frontDesk,
};
const signIn = { issuer: 'https://idp.example', clientId: 'c', clientSecret: new Secret('s') };

describe('the front desk of a service', () => {
  it('is not there unless it is configured', () => {
    const settings = { publicUrl: 'https://guichet.example.gouv.fr' };
    expect(frontDeskOptions(settings, defaultConfiguration, () => undefined)).toBeUndefined();
    expect(frontDeskErrors({}, defaultConfiguration)).toEqual([]);
  });

  it('says at the start what it lacks', () => {
    const lacking = (given: Parameters<typeof frontDeskErrors>[1]) =>
      frontDeskErrors({}, given).map((message) => startupErrorText(message, 'en'));
    expect(lacking(configuration).join()).toContain('PUBLIC_URL');
    expect(lacking(configuration)).toHaveLength(1);
    expect(lacking({ ...configuration, frontDesk: { ...frontDesk, signIn } }).join()).toContain(
      'GREFFIER_KEY',
    );
  });

  it('knows its origin, who makes clients, and nothing of a registry that is not known yet', async () => {
    const options = frontDeskOptions(
      { publicUrl: 'https://guichet.example.gouv.fr' },
      configuration,
      () => undefined,
    );
    expect(options?.origin).toBe('https://guichet.example.gouv.fr');
    expect(options?.provider?.('internet/production')).toBe('manual');
    expect(options?.provider?.('internet/integration')).toBeUndefined();
    expect(await options?.registry()).toBeUndefined();
    expect(await options?.catalogue?.()).toBeUndefined();
    const hidden = { ...configuration, frontDesk: { ...frontDesk, catalogue: false } };
    expect(
      frontDeskOptions({ publicUrl: 'https://a.fr' }, hidden, () => undefined)?.catalogue,
    ).toBeUndefined();
  });
});
