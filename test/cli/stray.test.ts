import { expect, it } from 'vitest';
import { greffier } from './console.ts';
import { definition, registryOnDisk } from './registry-on-disk.ts';

it('says where a definition belongs that stands elsewhere, and leaves models and companions alone', async () => {
  const { root } = registryOnDisk({
    'service-providers/internet/production/.gitkeep': '',
    'service-providers/internet/production/README.md': '# Ici',
    'agenda.yaml': definition(),
    'modeles/internet-production.yaml': definition(),
    'compose.yaml': 'services: {}\n',
  });
  const { code, out } = await greffier(root, ['validate', '--format', 'json']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    files: 0,
    errors: 1,
    findings: [
      {
        rule: 'file/path',
        path: 'agenda.yaml',
        message: expect.stringContaining('service-providers/internet/production/agenda.yaml') as string,
      },
    ],
  });
});
