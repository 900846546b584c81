/** The App as it is asked for: `app.yml`, with the addresses of one installation. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface ManifestAddresses {
  readonly name: string;
  /** Where GitHub reaches the service. */
  readonly publicUrl: string;
  /** Where GitHub sends the person back with the code. */
  readonly redirectUrl: string;
}

export interface AppManifest {
  readonly name: string;
  readonly url: string;
  readonly hook_attributes: { readonly url: string; readonly active: boolean };
  readonly redirect_url: string;
  readonly public: boolean;
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: readonly string[];
}

export function appManifest({ name, publicUrl, redirectUrl }: ManifestAddresses): AppManifest {
  const text = readFileSync(new URL('../../../app.yml', import.meta.url), 'utf8');
  const asked = parse(text) as Pick<AppManifest, 'url' | 'default_permissions' | 'default_events'>;
  return {
    name,
    url: asked.url,
    hook_attributes: { url: `${publicUrl}/api/github/webhooks`, active: true },
    redirect_url: redirectUrl,
    public: false,
    default_permissions: asked.default_permissions,
    default_events: asked.default_events,
  };
}
