import { describe, expect, it } from 'vitest';
import { environments, networks } from '#base/config/cells';
import { pathFromPlace } from '#domain/definition/cell';
import { readDefinition } from '#domain/definition/read-definition';
import { templateOf } from '#domain/definition/schema/template';

describe('a template', () => {
  const cells = networks.flatMap((network) => environments.map((environment) => ({ network, environment })));

  it.each(cells)('of $network/$environment only asks for its blanks to be filled in', (cell) => {
    const path = pathFromPlace({ ...cell, id: 'mon-service' });
    const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(templateOf(cell)) });
    expect(findings.length).toBeGreaterThan(3);
    expect([...new Set(findings.map(({ rule, pointer }) => `${rule} ${pointer}`))]).toEqual(
      findings.map(({ pointer }) => `file/placeholder ${pointer}`),
    );
  });
});
