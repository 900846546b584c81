/** What a supervisor and Prometheus ask: alive, able to work, figures. */
import { Hono } from 'hono';
import type { Metrics } from '#base/observability/metrics';
import { answer, type HttpEnv, methodNotAllowed } from './response.ts';

export interface OperatorRoutesDeps {
  /** Whether the work can be done. */
  readonly ready: () => Promise<boolean>;
  /** Brings the gauges that are read from the store up to date. */
  readonly measure: () => Promise<void>;
  readonly metrics: Metrics;
}

export function operatorRoutes({ ready, measure, metrics }: OperatorRoutesDeps): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get('/healthz', () => answer(200, 'ok\n'))
    .get('/readyz', async () => ((await ready()) ? answer(200, 'ok\n') : answer(503)))
    .get('/metrics', async () => {
      await measure();
      const { registry } = metrics;
      return answer(200, await registry.metrics(), { 'content-type': registry.contentType });
    })
    .on(['ALL'], ['/healthz', '/readyz', '/metrics'], methodNotAllowed('GET, HEAD'));
}
