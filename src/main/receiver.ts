/** What becomes of a delivery that was signed: kept, with the work that it causes, and begun to be read ahead. */
import { requestRepositories } from '#application/identity/request-repositories';
import type { ProposedCommits } from '#application/pull-requests/read-ahead';
import { defined } from '#base/defined';
import { withLogContext } from '#base/observability/log-context';
import type { Log } from '#base/observability/logger';
import type { HttpServerOptions } from '#http/server';
import { anotherUnderItsName, proposedCommits, repositoryOf, routeEvent } from '#http/webhook/event-routing';
import type { Database } from '#infrastructure/database/database';
import type { Delivery, Inbox, ReceiveStatus, RoutedEvent } from '#infrastructure/queue/inbox';
import type { Served } from './served-registry.ts';

/**
 * Keeps deliveries with the work that they cause.
 *
 * @param frontDesk whether people make requests at the front desk, who want to know what becomes of them
 */
export function receiver(
  inbox: Inbox,
  db: Database['db'],
  served: () => Served | undefined,
  frontDesk: boolean,
  log: Log,
  readAhead: ((commits: ProposedCommits, sender: string | undefined) => void) | undefined,
): NonNullable<HttpServerOptions['receive']> {
  /** Is given nothing of what was delivered: see `keep` of the webhook's route. */
  async function told(
    received: Promise<ReceiveStatus>,
    fields: Delivery,
    routed: RoutedEvent,
  ): Promise<ReceiveStatus> {
    const status = await received;
    if (status === 'ignored' && routed.jobs === undefined) {
      const { id: request, event, action, repository } = fields;
      log.info({ request, event, ...defined({ action, repository }), reason: routed.ignored }, 'ignored');
    }
    return status;
  }

  return async (delivery, payload) => {
    const registry = served();
    if (registry === undefined) throw new Error('it is not yet known which registry is served');
    const { appLogin } = registry;
    const requests =
      repositoryOf(payload) === registry.id ? [] : await requestRepositories(db, registry.registry);
    const routed = routeEvent(delivery.event, payload, { registry, requests, appLogin, frontDesk });
    if (routed.jobs === undefined && routed.ignored === anotherUnderItsName)
      log.error({ request: delivery.id, registry: registry.name, id: registry.id }, anotherUnderItsName);
    if (routed.jobs !== undefined) {
      const { sender } = routed;
      const proposed = proposedCommits(delivery.id, delivery.event, payload);
      if (proposed !== undefined)
        withLogContext({ request: delivery.id }, () => readAhead?.(proposed, sender));
    }
    return told(inbox.receive(delivery, routed), delivery, routed);
  };
}
