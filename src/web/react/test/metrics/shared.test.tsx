// @vitest-environment jsdom
import { act, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { describe, expect, it, vi } from "vitest";
import { createModulesClient } from "@orleans-modules/client";
import type { LoadMetrics, ModuleConfig } from "../../src/index.js";
import { metricsIn } from "../../src/metrics/shared.js";
import { fakeTime, pass, renderRed } from "../harness.js";
import { fakeEndpoints, Overview, serviceOf, withMetrics } from "./modules.js";

fakeTime();

const kb = withMetrics("kb", ["documents"]);
const off = withMetrics("kb", ["documents"], { isAvailable: false });

/** Renders with the metrics of one module, of which the first values are there. */
async function renderWith12() {
  const requests = fakeEndpoints();
  const view = renderRed(<Overview />, { service: serviceOf(kb) });
  await pass();
  requests[0]!.answer({ documents: 12 });
  await pass();
  expect(view.text()).toBe("kb/documents ready 12; done");
  return { requests, ...view };
}

describe("values of metrics (D16)", () => {
  it("are loaded once for any number of components, also in strict mode", async () => {
    const requests = fakeEndpoints();
    const { container } = renderRed(<StrictMode>{Array.from({ length: 100 }, (_, i) => <Overview key={i} />)}</StrictMode>, { service: serviceOf(kb) });
    await pass();
    expect(requests.length).toBe(1);
    expect(requests[0]!.init.signal?.aborted).toBe(false);
    requests[0]!.answer({ documents: 12 });
    await pass();
    expect(container.textContent).toBe("kb/documents ready 12; done".repeat(100));
  });

  it("are there at once for a component that comes later", async () => {
    const { requests, container, show } = await renderWith12();
    show(<><Overview /><Overview /></>);
    expect(container.textContent).toBe("kb/documents ready 12; done".repeat(2));
    await pass();
    expect(requests.length).toBe(1);
  });

  it("are not loaded again because something else changed", async () => {
    const { requests, service, show, text } = await renderWith12();
    service.change("s1.o1.w2", [{ ...kb, config: { limit: 5 } }, withMetrics("ai", ["tokens"], { isAvailable: false })]);
    await pass();
    show(<Overview permissions={["kb:read"]} />);
    await pass();
    expect(text()).toBe("kb/documents ready 12; done");
    expect(requests.length).toBe(1);
  });

  it("go with the module, and are loaded again when it is back", async () => {
    const { requests, service, text } = await renderWith12();
    service.change("s1.o1.w2", [off]);
    await pass();
    expect(text()).toBe("done");
    service.change("s1.o1.w3", [kb]);
    await pass();
    expect(text()).toBe("kb/documents loading null; wait");
    requests[1]!.answer({ documents: 13 });
    await pass();
    expect(text()).toBe("kb/documents ready 13; done");
    expect(requests.length).toBe(2);
  });

  it("are loaded again when the module declares something else; what was there stays until then", async () => {
    const { requests, service, text } = await renderWith12();
    service.change("s1.o1.w2", [withMetrics("kb", ["pages", "documents"])]);
    await pass();
    expect(text()).toBe("kb/pages loading null; kb/documents ready 12; wait");
    requests[1]!.answer({ documents: 13, pages: 5 });
    await pass();
    expect(text()).toBe("kb/pages ready 5; kb/documents ready 13; done");
    expect(requests.length).toBe(2);
  });

  it("are of the last declaration where it changes meanwhile", async () => {
    const requests = fakeEndpoints();
    const { service, text } = renderRed(<Overview />, { service: serviceOf(kb) });
    await pass();
    service.change("s1.o1.w2", [withMetrics("kb", ["documents", "pages"])]);
    await pass();
    expect(requests.map(({ init }) => init.signal?.aborted)).toEqual([true, false]);
    expect(text()).toBe("kb/documents loading null; kb/pages loading null; wait");
    requests[1]!.answer({ documents: 13, pages: 5 });
    await pass();
    expect(text()).toBe("kb/documents ready 13; kb/pages ready 5; done");
  });

  it("are no longer asked for when the module is not available any more", async () => {
    const requests = fakeEndpoints();
    const { service, text } = renderRed(<Overview />, { service: serviceOf(kb) });
    await pass();
    service.change("s1.o1.w2", [off]);
    await pass();
    expect(requests[0]!.init.signal?.aborted).toBe(true);
    service.change("s1.o1.w3", [kb]);
    await pass();
    expect(text()).toBe("kb/documents loading null; wait");
    expect(requests.length).toBe(2);
  });

  it("are no longer asked for, nor kept, when the last component that uses them is gone", async () => {
    const requests = fakeEndpoints();
    const { show, text } = renderRed(<><Overview /><Overview key="other" /></>, { service: serviceOf(kb) });
    await pass();
    show(<><Overview /></>);
    await pass();
    expect(requests[0]!.init.signal?.aborted).toBe(false);
    show(<p>other</p>);
    await pass();
    expect(requests[0]!.init.signal?.aborted).toBe(true);
    show(<Overview />);
    expect(text()).toBe("kb/documents loading null; wait");
    await pass();
    requests[1]!.answer({ documents: 12 });
    await pass();
    show(<p>other</p>);
    await pass();
    show(<Overview />);
    expect(text()).toBe("kb/documents loading null; wait");
  });

  it("are not those that the person before was shown", async () => {
    const { client, requests, text } = await renderWith12();
    act(() => client.forget());
    expect(text()).toBe("wait");
    await pass();
    expect(text()).toBe("kb/documents loading null; wait");
    expect(requests.length).toBe(2);
  });

  it("stay while they are asked for again, and where that fails, with the reason", async () => {
    const { requests, text } = await renderWith12();
    act(() => screen.getByRole("button").click());
    await pass();
    expect(text()).toBe("kb/documents ready 12; done");
    requests[1]!.respond(new Response("", { status: 500 }));
    await pass();
    expect(text()).toBe("kb/documents error 12 The module answered 500.; done");
    act(() => screen.getByRole("button").click());
    await pass();
    expect(text()).toBe("kb/documents error 12 The module answered 500.; done");
    requests[2]!.answer({ documents: 13 });
    await pass();
    expect(text()).toBe("kb/documents ready 13; done");
  });

  it("are asked for again once, by all who ask at the same time", async () => {
    const { requests, show } = await renderWith12();
    show(<><Overview /><Overview /></>);
    act(() => screen.getAllByRole("button").forEach((button) => button.click()));
    await pass();
    expect(requests.length).toBe(2);
  });

  it("are loaded again with the function of now, but not because it is another", async () => {
    const load = vi.fn<(count: number) => void>();
    const Host = ({ count }: { readonly count: number }) => {
      const given: LoadMetrics = () => {
        load(count);
        return Promise.resolve({ documents: count });
      };
      return <Overview load={given} />;
    };
    const { show, text } = renderRed(<Host count={1} />, { service: serviceOf(kb) });
    await pass();
    show(<Host count={2} />);
    await pass();
    expect(text()).toBe("kb/documents ready 1; done");
    expect(load.mock.calls).toEqual([[1]]);
    act(() => screen.getByRole("button").click());
    await pass();
    expect(text()).toBe("kb/documents ready 2; done");
  });

  it("that do not come have failed after ten seconds, also by a load that does not listen", async () => {
    const requests = fakeEndpoints();
    const load: LoadMetrics = () => new Promise(() => undefined);
    const { show, text } = renderRed(<Overview load={load} />, { service: serviceOf(kb) });
    await pass(9_999);
    expect(text()).toBe("kb/documents loading null; wait");
    await pass(1);
    expect(text()).toBe("kb/documents error null No answer within ten seconds.; done");

    show(<Overview />);
    act(() => screen.getByRole("button").click());
    await pass(10_000);
    expect(requests[0]!.init.signal?.aborted).toBe(true);
    act(() => screen.getByRole("button").click());
    await pass();
    requests[1]!.answer({ documents: 12 });
    await pass();
    await pass(60_000);
    expect(text()).toBe("kb/documents ready 12; done");
    expect(requests[1]!.init.signal?.aborted).toBe(false);
  });

  it("have no reason of before once the module declares something else", async () => {
    const { requests, service, text } = await renderWith12();
    act(() => screen.getByRole("button").click());
    await pass();
    requests[1]!.respond(new Response("", { status: 500 }));
    await pass();
    service.change("s1.o1.w2", [withMetrics("kb", ["documents", "pages"])]);
    await pass();
    expect(text()).toBe("kb/documents ready 12; kb/pages loading null; wait");
  });

  it.each([0, 1, 2, 3, 4, 5, 6])("are there for who comes in the moment in which they are answered and the last one leaves, %i turns after they were asked for", async (turns) => {
    const shared = metricsIn(createModulesClient().workspace("red"));
    const hold = () => shared.hold(kb, "", () => Promise.resolve({ documents: 12 }));
    const leave = hold();
    for (let turn = 0; turn < turns; turn++) {
      await Promise.resolve();
    }

    queueMicrotask(() => void hold());
    leave();
    await pass();
    expect(shared.getState().get("kb")?.values.get("documents")).toBe(12);
  });

  it("are of the last declaration also for who asks for them again since before; who asks waits for them", async () => {
    const shared = metricsIn(createModulesClient().workspace("red"));
    const requests: { readonly module: ModuleConfig; readonly answer: (values: unknown) => void }[] = [];
    const load = (module: ModuleConfig, signal: AbortSignal) => new Promise((answer, reject) => {
      requests.push({ module, answer });
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
    shared.hold(kb, "documents", load);
    const done = vi.fn();
    void shared.refresh("kb", load).then(done);
    const other = withMetrics("kb", ["pages"]);
    shared.hold(other, "pages", load);
    await pass();
    expect(done).not.toHaveBeenCalled();
    requests[1]!.answer({ pages: 5 });
    await pass();
    expect(done).toHaveBeenCalledTimes(1);

    void shared.refresh("kb", load);
    expect(requests.map(({ module }) => module)).toEqual([kb, other, other]);
  });

  it("that throw at once and are given up at once leave nothing behind", async () => {
    const shared = metricsIn(createModulesClient().workspace("red"));
    shared.hold(kb, "1", () => {
      throw new Error("at once");
    })();
    shared.hold(kb, "2", () => Promise.resolve({ documents: 12 })); // an error that nobody takes ends the run of tests
    await pass();
    expect(shared.getState().get("kb")).toEqual({ values: new Map([["documents", 12]]), error: null });
  });

  it("are kept for who comes while the last ones are leaving", async () => {
    const shared = metricsIn(createModulesClient().workspace("red"));
    const hold = (value: number) => shared.hold(kb, "", () => Promise.resolve({ documents: value }));
    const [first, second] = [hold(12), hold(13)];
    first();
    queueMicrotask(() => void hold(14)); // after the first looked whether it was the last, before the second does
    second();
    await pass();
    hold(15);
    await pass();
    expect(shared.getState().get("kb")?.values.get("documents")).toBe(14);
  });
});
