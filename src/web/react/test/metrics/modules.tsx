import { vi } from "vitest";
import { FakeService, moduleOf } from "../../../client/test/fake-service.js";
import { type OverviewMetric, type OverviewMetricsOptions, useOverviewMetrics } from "../../src/index.js";

/** A module that declares metrics by their names, with an endpoint below its own name. */
export const withMetrics = (name: string, names: readonly string[], other: Parameters<typeof moduleOf>[1] = {}) => moduleOf(name, {
  displayName: `The ${name}`,
  navConfig: { metrics: { endpoint: `/api/${name}/{orgId}?of={workspaceId}`, items: names.map((metric) => ({ name: metric, label: `Number of ${metric}` })) } },
  ...other,
});

/** A service whose workspace has modules. */
export function serviceOf(...modules: FakeService["modules"]): FakeService {
  const service = new FakeService();
  service.modules = modules;
  return service;
}

/** One request of an endpoint, which the test answers. */
export interface Request {
  readonly address: string;
  readonly init: RequestInit;
  readonly answer: (metrics: unknown) => void;
  readonly respond: (response: Response | Error) => void;
}

/** The endpoints of modules, as the global `fetch` sees them. */
export function fakeEndpoints(): Request[] {
  const requests: Request[] = [];
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => new Promise<Response>((resolve, reject) => {
    const respond = (response: Response | Error) => response instanceof Error ? reject(response) : resolve(response);
    requests.push({ address, init, respond, answer: (metrics) => respond(Response.json({ metrics })) });
    init.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error));
  }));
  return requests;
}

/** Shows metrics as text, such as "kb/documents ready 12". */
export function Overview(options: OverviewMetricsOptions) {
  const { metrics, isLoading, refreshMetrics } = useOverviewMetrics(options);
  return <button onClick={() => void refreshMetrics()}>{[...metrics.map(line), isLoading ? "wait" : "done"].join("; ")}</button>;
}

const line = ({ module, name, phase, value, error }: OverviewMetric) => `${module}/${name} ${phase} ${value}${error ? ` ${error.message}` : ""}`;
