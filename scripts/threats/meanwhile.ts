/** Words about the keys of one client that are given at one moment, or while a run is at that client. */
import { proof, type Threat } from './model.ts';

const meanwhile = 'application/reconciliation/replace-meanwhile';

export const byHaste: readonly Threat[] = [
  {
    threat:
      'Keys replaced twice at once, or revoked while a run is at their client: a third client, one that nobody has, or a revocation that is forgotten',
    protection:
      'What people say of an account is said of it as it stands, in the transaction that writes it; a run that read it before keeps what was said meanwhile.',
    proofs: [
      proof(
        'application/ledger/words-kept.ts',
        'const { revoked } = (isRevoked ? present.former : undefined) ?? {};',
        'const { revoked } = former ?? {};',
        meanwhile,
        'leave the former client closed, whenever someone says so',
      ),
      proof(
        'application/reconciliation/replace-client.ts',
        "made = replaceable(present, clientId);\n    return made.kind === 'replaced' && present.clientId === clientId\n      ? { account: withoutClient(present,",
        "made = replaceable(account, clientId);\n    return made.kind === 'replaced'\n      ? { account: withoutClient(account,",
        meanwhile,
        'are replaced once, though someone else asks for it in the middle',
      ),
    ],
  },
  {
    threat: 'A client forgotten, or made twice, since someone tries again what a run has just put right',
    protection: 'What is tried again is looked at once more in the transaction that clears it.',
    proofs: [
      proof(
        'application/reconciliation/operator-commands.ts',
        'present.clientId !== account.clientId || isGivenUp(present) !== isLost',
        "account.cell === ''",
        'application/reconciliation/reconcile',
        'keeps what a run did to a client that someone has tried again at that moment',
      ),
    ],
  },
  {
    threat: 'Keys replaced where nothing can take their place, so that the only client that works is closed',
    protection:
      'A client that was adopted before its definition is there is not replaced. The former one is closed by itself only while the other one is known to work. While one is replaced, its definition comes back to nobody else.',
    proofs: [
      proof(
        'application/reconciliation/replace-client.ts',
        "return state === 'active' && awaited !== true;",
        "return state === 'active';",
        meanwhile,
        'are not those of a client that was adopted before its definition is there',
      ),
      proof(
        'application/reconciliation/replace-client.ts',
        "return state === 'active' && intent === undefined && readAt",
        "return state !== 'begun' && intent === undefined && readAt",
        meanwhile,
        'leave the former client as it is, however long ago they were read',
      ),
      proof(
        'application/reconciliation/plan-change.ts',
        "(account.state === 'begun' && account.former === undefined)",
        "account.state === 'begun'",
        meanwhile,
        'are a client’s that is there all the while',
      ),
    ],
  },
  {
    threat:
      'A definition that is gone, whose client goes on letting people in since the one before it cannot be closed',
    protection:
      'The client is switched off all the same, and the former one is tried again until it is closed.',
    proofs: [
      proof(
        'application/reconciliation/apply-step.ts',
        'if (wanted !== undefined && account.handle !== undefined) return updateClient(run, alone.account, wanted);',
        '',
        meanwhile,
        'let nobody in by the new client, though the former one cannot be closed',
      ),
    ],
  },
  {
    threat:
      'A redirect URI that a definition drops, since its host is somebody else’s by now, stays at the client that another one replaces until that is closed',
    protection:
      'What the definition drops of where people are sent is dropped there too, as soon as the client that took its place has it no more; nobody signs in where no redirect URI is left. What a person took from it at the provider is not given back by that.',
    proofs: [
      proof(
        'application/reconciliation/narrow-former.ts',
        'if (former.wanted === undefined || narrowed(former.wanted, wanted) === undefined) return undefined;',
        'if (former !== undefined) return undefined;',
        'application/reconciliation/replace-client',
        'a redirect URI that the definition drops is dropped at once, and none is added',
      ),
      proof(
        'application/reconciliation/narrow-former.ts',
        'if (left.length === 0) return { ...former, active: false };',
        'if (left.length === 0) return undefined;',
        'application/reconciliation/replace-client',
        'nobody signs in where none of its redirect URIs is left',
      ),
      proof(
        'application/reconciliation/narrow-former.ts',
        'const present = asFound(former.wanted, there);',
        'const present = former.wanted;',
        'application/reconciliation/replace-client',
        'what was taken from it at the provider is not given back to it',
      ),
    ],
  },
  {
    threat:
      'The word that a request is done, given while a run is at it: done a second time, and mailed twice',
    protection:
      'A step is begun only if it is still what its client takes, by the account as it is at that moment: in the transaction that notes it.',
    proofs: [
      proof(
        'application/reconciliation/apply-plan.ts',
        'if (!isStillDue(step, await accounts.load(step), desired, provider, deps)) continue;',
        '',
        'application/reconciliation/reconcile',
        'does not do again what people say is done while a run is at it',
      ),
      proof(
        'application/reconciliation/apply-step.ts',
        'isAsRead(present, loaded) ? { account: begun(present) } : undefined',
        '({ account: begun(present) })',
        'application/reconciliation/reconcile',
        'does not do again what people say is done while a run is at it',
      ),
    ],
  },
  {
    threat: 'People asked for another secret in a cell that the settings freeze',
    protection: 'While the cell is frozen, they are not asked, and the answer says so.',
    proofs: [
      proof(
        'application/reconciliation/key-commands.ts',
        '(await deps.store.observations.isFrozen(account.cell, deps.now()))',
        "clientId === ''",
        meanwhile,
        'are asked for in no issue while the cell is frozen',
      ),
    ],
  },
  {
    threat:
      'A link to keys that is asked for while a contact is taken away goes to that contact all the same',
    protection:
      'It is made once the provider has answered, for the contacts that the account has then, and for the client that it still has.',
    proofs: [
      proof(
        'application/reconciliation/key-commands.ts',
        '{ account: { ...present, ...renewed }, event, mailKind',
        '{ account: { ...account, ...renewed }, event, mailKind',
        meanwhile,
        'go to nobody who is no contact any more, where a link is asked for',
      ),
    ],
  },
];
